using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Development.Scores;

namespace Curie.Cli.Options;

/// <summary>The options by which a command learns which checkpoints are scored, and on what.</summary>
internal sealed class CheckpointScoresOptions
{
    private static readonly ModelScoreOptions Defaults = new();

    private readonly Option<string> _place = new("--run")
    {
        Description = "The checkpoints: a training run's folder, a model, or a pattern.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "Token rows of text.",
        HelpName = "ROWS.npy",
        Required = true,
    };

    private readonly Option<int?> _every = SamplingOverrides.Whole("--every", "Take every N-th checkpoint, and the last; 1 by default.", 1);

    private readonly Option<int?> _rows = SamplingOverrides.Whole(
        "--rows",
        $"The first so many rows give losses and ablations; {Defaults.Rows} by default.",
        2
    );

    private readonly Option<int?> _samples = SamplingOverrides.Whole(
        "--samples",
        $"Samples of the attention scores; {Defaults.Samples} by default.",
        2
    );

    private readonly Option<long> _seed = SharedOptions.Seed();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_place, _data, _every, _rows, _samples, _seed])
        {
            command.Add(option);
        }
    }

    /// <summary>The checkpoints.</summary>
    public string Place(ParseResult parsed) => parsed.GetRequiredValue(_place);

    /// <summary>The rows of text.</summary>
    public string Data(ParseResult parsed) => parsed.GetRequiredValue(_data);

    /// <summary>Of several checkpoints every so-manieth is taken.</summary>
    public int Every(ParseResult parsed) => parsed.GetValue(_every) ?? 1;

    /// <summary>How they are scored.</summary>
    public ModelScoreOptions Read(ParseResult parsed) =>
        Defaults with
        {
            Rows = parsed.GetValue(_rows) ?? Defaults.Rows,
            Samples = parsed.GetValue(_samples) ?? Defaults.Samples,
            Seed = parsed.GetValue(_seed),
        };
}
