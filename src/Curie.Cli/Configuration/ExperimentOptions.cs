using System.CommandLine;
using Curie.Cli.Invocation;

namespace Curie.Cli.Configuration;

/// <summary>The options by which a command learns what to sample: an experiment.yaml, or a model and its data, and every sampling setting.</summary>
internal sealed class ExperimentOptions
{
    private readonly Option<string?> _config = new("--config")
    {
        Description = "An experiment.yaml whose model and sampling section are used; options given beside it take the place of its values.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _model = new("--model") { Description = "The model folder.", HelpName = "DIR" };

    private readonly Option<string?> _data = new("--data") { Description = "The token rows whose loss defines the posterior.", HelpName = "ROWS.npy" };

    private readonly Option<long?> _seed = SharedOptions.SeedOverride();

    private readonly SamplingOverrides _overrides = new();

    /// <summary>Adds the options to a command, which must be given one way or the other.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _config, _model, _data, _seed }.Concat(_overrides.Options))
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_config) is null && (result.GetValue(_model) is null || result.GetValue(_data) is null))
            {
                result.AddError("Nothing to sample: give --model and --data, or --config.");
            }
        });
    }

    /// <summary>What was given, without probes.</summary>
    /// <exception cref="Numerics.InputException">The configuration file cannot be read or does not make sense.</exception>
    public ExperimentConfiguration Read(ParseResult parsed)
    {
        ExperimentConfiguration configuration = parsed.GetValue(_config) is { } path
            ? ExperimentConfiguration.Load(path)
            : new ExperimentConfiguration { Model = parsed.GetValue(_model)!, Sampling = new SamplingConfiguration { Data = parsed.GetValue(_data)! } };
        configuration = parsed.GetValue(_seed) is { } other ? configuration.WithSeed(other) : configuration;
        SamplingConfiguration sampling = _overrides.Apply(parsed, configuration.Sampling);
        return configuration with
        {
            Model = parsed.GetValue(_model) ?? configuration.Model,
            Sampling = sampling with { Data = parsed.GetValue(_data) ?? sampling.Data },
            Probes = [],
        };
    }
}
