using System.CommandLine;
using Curie.Development.Regression;

namespace Curie.Cli.Options;

/// <summary>The options by which a command learns how the checkpoints of a regression run are evaluated.</summary>
internal sealed class RegressionEvaluateOptions
{
    private static readonly RegressionEvaluationOptions Defaults = new();

    private readonly Option<string> _run = new("--run")
    {
        Description = "A run folder of curie regression train, or one checkpoint.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<long?> _seed = new("--seed") { Description = "The seed of the sequences; 0 by default.", HelpName = "N" };

    private readonly Option<int?> _sequences = SamplingOverrides.Whole(
        "--sequences",
        $"Sequences that give losses and distances; {Defaults.Sequences} by default.",
        2
    );

    private readonly Option<int?> _outputs = SamplingOverrides.Whole(
        "--outputs",
        $"The first so many give outputs.npz; {Defaults.OutputSequences} by default.",
        1
    );

    private readonly Option<double[]> _scales = new("--scale")
    {
        Description =
            "A factor on the standard deviation of inputs, and of tasks, outside the training distribution; repeat it for several. "
            + "3, 5, 10 and 100 by default.",
        HelpName = "X",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_run, _seed, _sequences, _outputs, _scales])
        {
            command.Add(option);
        }
    }

    /// <summary>The run, or the checkpoint.</summary>
    public string Run(ParseResult parsed) => parsed.GetRequiredValue(_run);

    /// <summary>On what checkpoints are evaluated.</summary>
    /// <exception cref="Numerics.InputException">An option is out of range.</exception>
    public RegressionEvaluationOptions Read(ParseResult parsed)
    {
        RegressionEvaluationOptions options = Defaults with
        {
            Seed = parsed.GetValue(_seed) ?? Defaults.Seed,
            Sequences = parsed.GetValue(_sequences) ?? Defaults.Sequences,
            OutputSequences = parsed.GetValue(_outputs) ?? Defaults.OutputSequences,
            Scales = parsed.GetValue(_scales) is { Length: > 0 } given ? given : Defaults.Scales,
        };
        options.Validate();
        return options;
    }
}
