using System.CommandLine;
using System.Globalization;
using Curie.Cli.Invocation;
using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Sampling;
using Curie.Studies.Configuration;

namespace Curie.Cli.Options;

/// <summary>The options by which <c>curie scan</c> learns what to scan: a model and probes, or an experiment.yaml.</summary>
internal sealed class ScanOptions
{
    private readonly Option<string?> _config = new("--config")
    {
        Description =
            "An experiment.yaml whose model, data, probes, components, localization, step size and seed are used; options given beside "
            + "it take the place of its values.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _model = new("--model") { Description = SharedOptions.ModelDescription, HelpName = "PATH" };

    private readonly Option<string[]> _probes = new("--probe")
    {
        Description =
            "Token rows whose every token is followed, as ROWS.npy, which is named by its file, or NAME=ROWS.npy; repeat it for several.",
        HelpName = "ROWS.npy",
    };

    private readonly Option<int?> _rows = SamplingOverrides.Whole("--rows", "So many rows of every probe; all by default.", 1);

    private readonly Option<string?> _rowsChoice = SamplingOverrides.RowsChoice(
        "--rows-choice",
        "Which: the first, or random ones of the whole file, the same for every seed; first by default."
    );

    private readonly Option<string?> _data = new("--data")
    {
        Description =
            "The token rows whose mean loss is P, which every token's loss is compared with; without them P is the mean over the tokens "
            + "of all probes.",
        HelpName = "ROWS.npy",
    };

    private readonly Option<string?> _lossRows = SamplingOverrides.LossRows("So many rows of --data give P; 64 by default, or all.");

    private readonly Option<string?> _lossRowsChoice = SamplingOverrides.RowsChoice(
        "--loss-rows-choice",
        "Which: the first, or random ones of the whole file, the same for every seed; first by default."
    );

    private readonly Option<string?> _positions = SamplingOverrides.Positions();

    private readonly Option<string[]> _components = new("--component", "--components")
    {
        Description =
            "A component, such as heads, l0h1, l1.mlp or l0h1+l1h2; repeat it for several. The default is heads. full is left out.",
        HelpName = "NAME",
    };

    private readonly Option<double?> _localization = SamplingOverrides.Number(
        "--localization",
        SamplingOverrides.WithDefault(
            "γ: every weight of a component is moved by a normal number of variance about 1/γ",
            new SamplingOptions().Localization
        ),
        _ => true,
        "above 0"
    );

    private readonly Option<int?> _pairs = new("--pairs")
    {
        Description = SamplingOverrides.WithDefault(
            "Pairs of opposite draws of every component",
            new ScanConfiguration { Model = "", Probes = [] }.Pairs
        ),
        HelpName = "N",
    };

    private readonly Option<long?> _seed = new("--seed") { Description = "The seed of the draws; 1 by default.", HelpName = "N" };

    private readonly Option<double?> _attention = SamplingOverrides.Number(
        "--attention-megabytes",
        SamplingOverrides.WithDefault(
            "At most so many megabytes of where heads attend in the probes' text are kept beside the run, for its page; 0: none",
            new ScanConfiguration { Model = "", Probes = [] }.AttentionMegabytes
        ),
        value => value is >= 0 and <= ExperimentConfiguration.MostAttentionMegabytes,
        FormattableString.Invariant($"from 0 to {ExperimentConfiguration.MostAttentionMegabytes}")
    );

    private readonly Option<int?> _threads = SharedOptions.Threads();

    /// <summary>Adds the options to a command, which must be given one way or the other.</summary>
    public void AddTo(Command command)
    {
        foreach (
            Option option in new Option[]
            {
                _config,
                _model,
                _probes,
                _rows,
                _rowsChoice,
                _data,
                _lossRows,
                _lossRowsChoice,
                _positions,
                _components,
                _localization,
                _pairs,
                _seed,
                _attention,
                _threads,
            }
        )
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_config) is null && (result.GetValue(_model) is null || result.GetValue(_probes) is not { Length: > 0 }))
            {
                result.AddError("Nothing to scan: give --model and at least one --probe, or --config.");
            }
        });
    }

    /// <summary>What was given.</summary>
    /// <exception cref="InputException">The configuration file cannot be read or does not make sense, or a name cannot be a
    /// probe's.</exception>
    public ScanConfiguration Read(ParseResult parsed)
    {
        ScanConfiguration scan = parsed.GetValue(_config) is { } path
            ? ScanConfiguration.Of(ExperimentConfiguration.Load(path))
            : new ScanConfiguration { Model = "", Probes = [] };
        IReadOnlyList<ProbeConfiguration> probes = parsed.GetValue(_probes) is { Length: > 0 } given
            ?
            [
                .. given
                    .Select(NamedData.Parse)
                    .Select(named => new ProbeConfiguration { Name = named.Name, Data = Path.GetFullPath(named.Path) }),
            ]
            : scan.Probes;
        int? rows = parsed.GetValue(_rows);
        RowChoice? choice = SamplingOverrides.Choice(parsed, _rowsChoice);
        return scan with
        {
            Model = parsed.GetValue(_model) is { } model ? Path.GetFullPath(model) : scan.Model,
            Probes = [.. probes.Select(probe => probe with { Rows = rows ?? probe.Rows, RowsChoice = choice ?? probe.RowsChoice })],
            Data = parsed.GetValue(_data) is { } data ? Path.GetFullPath(data) : scan.Data,
            Positions = parsed.GetValue(_positions) is { } positions ? SamplingOverrides.PositionsOf(positions) : scan.Positions,
            LossRows = parsed.GetValue(_lossRows) is { } count ? SamplingOverrides.CountOrAll(count) : scan.LossRows,
            LossRowsChoice = SamplingOverrides.Choice(parsed, _lossRowsChoice) ?? scan.LossRowsChoice,
            Components = parsed.GetValue(_components) is { Length: > 0 } names ? names : scan.Components,
            Options = scan.Options with
            {
                Localization = parsed.GetValue(_localization) ?? scan.Options.Localization,
                Seed = parsed.GetValue(_seed) ?? scan.Options.Seed,
            },
            Pairs = parsed.GetValue(_pairs) ?? scan.Pairs,
            AttentionMegabytes = parsed.GetValue(_attention) ?? scan.AttentionMegabytes,
            Threads = parsed.GetValue(_threads) ?? scan.Threads,
        };
    }
}
