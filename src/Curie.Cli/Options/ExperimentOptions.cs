using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Networks.Data;
using Curie.Networks.Regression;
using Curie.Studies.Configuration;

namespace Curie.Cli.Options;

/// <summary>
/// The options by which a command learns what to sample: an experiment.yaml, or a model and its data, and every sampling setting.
/// </summary>
/// <param name="severalModels">Whether --model may be repeated, and be a folder of models or a pattern.</param>
/// <param name="lossRowsChoice">Which rows give P where neither a file nor an option says it.</param>
internal sealed class ExperimentOptions(bool severalModels = false, RowChoice lossRowsChoice = RowChoice.First)
{
    private readonly Option<string?> _config = new("--config")
    {
        Description = "An experiment.yaml whose model and sampling section are used; options given beside it take the place of its values.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _model = severalModels
        ? SharedOptions.Models()
        : new Option<string[]>("--model") { Description = SharedOptions.ModelDescription, HelpName = "PATH" };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "The token rows whose loss defines the posterior.",
        HelpName = "ROWS.npy",
    };

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
            string[] models = result.GetValue(_model) ?? [];
            if (!severalModels && models.Length > 1)
            {
                result.AddError("--model is given twice; give one model.");
            }

            bool lacksData = result.GetValue(_data) is null && !(models.Length > 0 && RegressionFolder.IsRegressionAt(models[0]));
            if (result.GetValue(_config) is null && (models.Length == 0 || lacksData))
            {
                result.AddError("Nothing to sample: give --model and --data, or --config.");
            }
        });
    }

    /// <summary>What was given, without probes.</summary>
    /// <exception cref="Numerics.InputException">The configuration file cannot be read or does not make sense.</exception>
    public ExperimentConfiguration Read(ParseResult parsed)
    {
        string[] models = parsed.GetValue(_model) ?? [];
        ExperimentConfiguration configuration = parsed.GetValue(_config) is { } path
            ? ExperimentConfiguration.Load(path, severalModels)
            : new ExperimentConfiguration { Model = models[0], Sampling = SectionOf(models[0], parsed.GetValue(_data)) };
        configuration = parsed.GetValue(_seed) is { } other ? configuration.WithSeed(other) : configuration;
        SamplingConfiguration sampling = _overrides.Apply(parsed, configuration.Sampling);
        return configuration with
        {
            Model = models.Length > 0 ? models[0] : configuration.Model,
            MoreModels = models.Length > 0 ? models[1..] : configuration.MoreModels,
            Sampling = sampling with { Data = parsed.GetValue(_data) ?? sampling.Data },
            Probes = [],
        };
    }

    /// <summary>The components that options name; none where that is left to a file or to the defaults.</summary>
    public IReadOnlyList<string> Components(ParseResult parsed) => _overrides.Components(parsed);

    /// <summary>The files and folders that <see cref="Read"/> read the experiment of, and those that it names.</summary>
    public IReadOnlyList<string> Inputs(ParseResult parsed, ExperimentConfiguration configuration) =>
        [.. configuration.Inputs, .. parsed.GetValue(_config) is { } path ? (string[])[path] : []];

    /// <summary>The section that only a model and its data are given of.</summary>
    private SamplingConfiguration SectionOf(string model, string? data) =>
        RegressionFolder.IsRegressionAt(model)
            ? SamplingConfiguration.OfRegression
            : new SamplingConfiguration { Data = data!, LossRowsChoice = lossRowsChoice };
}
