using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Curie.Networks.Data;
using Curie.Sampling;
using Curie.Studies.Configuration;

namespace Curie.Cli.Options;

/// <summary>
/// The <c>sampling</c> section's settings as options of a command line; what is given takes the place of the section's value.
/// </summary>
internal sealed class SamplingOverrides
{
    private readonly Option<string[]> _components = new("--component")
    {
        Description = "A component, such as full, heads, l0h1, l1.mlp or l0h1+l1h2; repeat it for several. The default is full and heads.",
        HelpName = "NAME",
    };

    private readonly SamplerOverrides _sampler = new();

    private readonly Option<double?> _stepSize = Number(
        "--step-size",
        $"ε, the step size; {Default(new SamplingOptions().StepSize)}.",
        value => value > 0,
        "above 0"
    );

    private readonly Option<double?> _nbeta = Number(
        "--nbeta",
        $"nβ, the weight of the loss; {Default(new SamplingOptions().NBeta)}.",
        value => value >= 0,
        "of at least 0"
    );

    private readonly Option<double?> _localization = Number(
        "--localization",
        $"γ, the pull towards the checkpoint; {Default(new SamplingOptions().Localization)}.",
        value => value >= 0,
        "of at least 0"
    );

    private readonly Option<double?> _noiseLevel = Number(
        "--noise-level",
        $"σ, the factor on the noise; {Default(new SamplingOptions().NoiseLevel)}.",
        value => value >= 0,
        "of at least 0"
    );

    private readonly Option<int?> _batchSize = Whole("--batch-size", "Rows per update; 16 by default.", 1);

    private readonly Option<string?> _order = Choice(
        "--order",
        "The order of rows: shuffled, every row once per epoch (the default), or sequential."
    );

    private readonly Option<int?> _chains = Whole("--chains", $"Independent chains; {Default(new SamplingOptions().Chains)}.", 1);

    private readonly Option<int?> _draws = Whole("--draws", $"Draws of each chain; {Default(new SamplingOptions().Draws)}.", 1);

    private readonly Option<int?> _burnIn = Whole(
        "--burn-in",
        $"Updates before the first draw; {Default(new SamplingOptions().BurnIn)}.",
        0
    );

    private readonly Option<int?> _steps = Whole(
        "--steps-between-draws",
        $"Updates from one draw to the next; {Default(new SamplingOptions().StepsBetweenDraws)}.",
        1
    );

    private readonly Option<string?> _positions = Positions();

    private readonly Option<string?> _lossRows = LossRows("So many rows give P and L0 at every draw; 64 by default, or all.");

    private readonly Option<string?> _lossRowsChoice = RowsChoice(
        "--loss-rows-choice",
        "Which: the first, or random ones of the whole file, the same for every seed; first by default."
    );

    /// <summary>All of them, for a command.</summary>
    public IReadOnlyList<Option> Options =>
        [
            _components,
            _stepSize,
            _nbeta,
            _localization,
            _noiseLevel,
            _batchSize,
            _order,
            _chains,
            _draws,
            _burnIn,
            _steps,
            _lossRows,
            _lossRowsChoice,
            _positions,
            .. _sampler.Options,
        ];

    /// <summary>A section with what the command line gives in its place.</summary>
    public SamplingConfiguration Apply(ParseResult parsed, SamplingConfiguration section)
    {
        SamplingOptions options = _sampler.Apply(parsed, section.Options);
        return section with
        {
            Components = Components(parsed) is { Count: > 0 } names ? names : section.Components,
            BatchSize = parsed.GetValue(_batchSize) ?? section.BatchSize,
            Order = parsed.GetValue(_order) is { } order ? ConfigurationWords.Orders[order] : section.Order,
            Positions = parsed.GetValue(_positions) is { } positions ? PositionsOf(positions) : section.Positions,
            LossRows = parsed.GetValue(_lossRows) is { } rows ? CountOrAll(rows) : section.LossRows,
            LossRowsChoice = Choice(parsed, _lossRowsChoice) ?? section.LossRowsChoice,
            Options = options with
            {
                StepSize = parsed.GetValue(_stepSize) ?? options.StepSize,
                NBeta = parsed.GetValue(_nbeta) ?? options.NBeta,
                Localization = parsed.GetValue(_localization) ?? options.Localization,
                NoiseLevel = parsed.GetValue(_noiseLevel) ?? options.NoiseLevel,
                Chains = parsed.GetValue(_chains) ?? options.Chains,
                Draws = parsed.GetValue(_draws) ?? options.Draws,
                BurnIn = parsed.GetValue(_burnIn) ?? options.BurnIn,
                StepsBetweenDraws = parsed.GetValue(_steps) ?? options.StepsBetweenDraws,
            },
        };
    }

    /// <summary>The components that are named; none where that is left to the section.</summary>
    public IReadOnlyList<string> Components(ParseResult parsed) => parsed.GetValue(_components) ?? [];

    private static string Default(double value) => string.Create(CultureInfo.InvariantCulture, $"{value} by default");

    internal static string WithDefault(string text, double value) => $"{text}; {Default(value)}.";

    /// <summary>--positions; <see cref="PositionsOf"/> reads its value.</summary>
    internal static Option<string?> Positions() =>
        new("--positions")
        {
            Description =
                "The positions of rows that count: ranges such as 5-9, 3- or -3- (the last three), joined with commas, or a mask, bool or "
                + "uint8, rows x (n_ctx - 1) or one row. Position t predicts token t + 1. All by default.",
            HelpName = "RANGES|MASK.npy",
        };

    /// <summary>The rule as a configuration holds it: a mask by its absolute path; null for all.</summary>
    /// <exception cref="Numerics.InputException">It makes no sense.</exception>
    internal static string? PositionsOf(string text) =>
        text == "all" ? null
        : PositionRule.Parse(text).Path is null ? text
        : Path.GetFullPath(text);

    /// <summary>--loss-rows; <see cref="CountOrAll"/> reads its value.</summary>
    internal static Option<string?> LossRows(string description)
    {
        Option<string?> option = new("--loss-rows") { Description = description, HelpName = "N|all" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && text != "all" && !(Count(text) >= 1))
            {
                result.AddError($"--loss-rows is '{text}'; give a whole number of at least 1, or all.");
            }
        });
        return option;
    }

    /// <summary>--loss-rows-choice or --rows-choice; <see cref="Choice(ParseResult, Option{string?})"/> reads its value.</summary>
    internal static Option<string?> RowsChoice(string name, string description)
    {
        Option<string?> option = new(name) { Description = description, HelpName = "CHOICE" };
        option.AcceptOnlyFromAmong([.. ConfigurationWords.RowChoices.Keys]);
        return option;
    }

    /// <summary>Which rows are taken; null where nothing was said.</summary>
    internal static RowChoice? Choice(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } word ? ConfigurationWords.RowChoices[word] : null;

    /// <summary>A count; null for all.</summary>
    internal static int? CountOrAll(string text) => Count(text);

    private static int? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : null;

    internal static Option<double?> Number(string name, string description, Func<double, bool> valid, string range)
    {
        Option<double?> option = new(name) { Description = description, HelpName = "X" };
        option.CustomParser = result =>
            Parse<double>(
                result,
                text =>
                    double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                    && double.IsFinite(value)
                    && valid(value)
                        ? value
                        : null,
                $"a number {range}"
            );
        return option;
    }

    internal static Option<int?> Whole(string name, string description, int least)
    {
        Option<int?> option = new(name) { Description = description, HelpName = "N" };
        option.CustomParser = result =>
            Parse<int>(result, text => Count(text) is { } value && value >= least ? value : null, $"a whole number of at least {least}");
        return option;
    }

    private static Option<string?> Choice(string name, string description)
    {
        Option<string?> option = new(name) { Description = description, HelpName = "ORDER" };
        option.AcceptOnlyFromAmong([.. ConfigurationWords.Orders.Keys]);
        return option;
    }

    private static T? Parse<T>(ArgumentResult result, Func<string, T?> parse, string expected)
        where T : struct
    {
        T? value = parse(result.Tokens[0].Value);
        if (value is null)
        {
            result.AddError($"{((OptionResult)result.Parent!).Option.Name} is '{result.Tokens[0].Value}'; give {expected}.");
        }

        return value;
    }
}
