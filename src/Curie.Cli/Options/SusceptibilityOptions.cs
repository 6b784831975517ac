using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Studies.Configuration;

namespace Curie.Cli.Options;

/// <summary>The options by which a command learns what susceptibilities are wanted: an experiment.yaml, and what takes the place of its
/// values.</summary>
internal sealed class SusceptibilityOptions
{
    private readonly Option<string> _config = new("--config")
    {
        Description = "The experiment.yaml.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string[]> _models = SharedOptions.Models();

    private readonly Option<int?> _every = SamplingOverrides.Whole(
        "--every",
        "Of several checkpoints take every N-th, and the last; 1 by default.",
        1
    );

    private readonly Option<long?> _seed = SharedOptions.SeedOverride();

    private readonly SamplerOverrides _sampler = new();

    private readonly Option<bool> _control = new("--control")
    {
        Description =
            "Sample at nbeta 0, where the loss does not act on the chains, whatever the configuration says: a control to give to "
            + "curie structure --control.",
    };

    /// <summary>The options.</summary>
    public SusceptibilityOptions() => _models.Description += " In place of the configuration's.";

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _config, _models, _every, _seed, _control }.Concat(_sampler.Options))
        {
            command.Add(option);
        }
    }

    /// <summary>Of several checkpoints, every so-manieth is taken.</summary>
    public int Every(ParseResult parsed) => parsed.GetValue(_every) ?? 1;

    /// <summary>What was given.</summary>
    /// <exception cref="Numerics.InputException">The configuration cannot be read or does not make sense.</exception>
    public ExperimentConfiguration Read(ParseResult parsed)
    {
        ExperimentConfiguration configuration = ExperimentConfiguration.Load(parsed.GetRequiredValue(_config), severalModels: true);
        configuration = parsed.GetValue(_seed) is { } other ? configuration.WithSeed(other) : configuration;
        configuration = parsed.GetValue(_models) is { Length: > 0 } places
            ? configuration with
            {
                Model = places[0],
                MoreModels = places[1..],
            }
            : configuration;
        configuration = configuration with
        {
            Sampling = configuration.Sampling with { Options = _sampler.Apply(parsed, configuration.Sampling.Options) },
        };
        configuration.Sampling.Options.Validate();
        return parsed.GetValue(_control) ? configuration.AsControl() : configuration;
    }
}
