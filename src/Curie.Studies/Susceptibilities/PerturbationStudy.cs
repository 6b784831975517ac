using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Experiments;
using Curie.Response.Linearity;
using Curie.Response.Runs;
using Curie.Sampling.Networks;
using Curie.Studies.Configuration;
using Curie.Studies.Progress;

namespace Curie.Studies.Susceptibilities;

/// <summary>Perturbs the posteriors of a finished run, to see whether its covariances are linear responses.</summary>
public sealed class PerturbationStudy : IDisposable
{
    private readonly LoadedExperiment _loaded;
    private readonly PerturbationExperiment _experiment;
    private readonly SamplingConfiguration _rows;
    private PlanTrial? _trial;

    /// <summary>Reads the run and what it was made from, and plans.</summary>
    /// <param name="path">The run folder.</param>
    /// <param name="options">What is perturbed, and how.</param>
    /// <exception cref="InputException">The run, or what it was made from, is not there or is another, or an option does not fit
    /// it.</exception>
    public PerturbationStudy(string path, PerturbationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SusceptibilityRun run = RunFolder.Read(path);
        run.Require(ResponsePart.Covariance);
        ExperimentConfiguration configuration = Configuration(run.Manifest, path, options.Configuration);
        _rows = configuration.Sampling;
        _loaded = new LoadedExperiment(configuration.Model, configuration.Sampling, configuration.Probes);
        try
        {
            Machine = Machine.Create(options.Threads ?? configuration.Threads);
            SusceptibilityInputs inputs = SusceptibilityStudy.Inputs(configuration, _loaded) with { Memory = options.Memory };
            if (inputs.Fingerprint != run.Manifest.Fingerprint)
            {
                throw new InputException(
                    $"the model or the data are not those that {path} was sampled with; restore them, or name them with `configuration`."
                );
            }

            _experiment = new PerturbationExperiment(
                new PerturbationInputs
                {
                    Experiment = inputs,
                    Probe = options.Probe,
                    Shares = options.Shares,
                    Components = Components(run, _loaded, options.Components),
                },
                run,
                Machine
            );
        }
        catch
        {
            Dispose();
            throw;
        }

        Chains = run.Manifest.Shape.Chains;
    }

    /// <summary>The chains of the run, beside which it is done.</summary>
    public int Chains { get; }

    /// <summary>Which components are sampled together, and what it costs.</summary>
    public SamplingPlan Plan => _experiment.Plan;

    /// <summary>How long it takes, by a trial of some tenths of a second for each kind of component; made once.</summary>
    public PlanTrial Trial => _trial ??= _loaded.Trial(Plan, _rows, Machine);

    /// <summary>What computes; the study's own, made with the threads that it was given.</summary>
    public Machine Machine { get; }

    /// <summary>Perturbs.</summary>
    /// <param name="progress">Told as chains advance.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>One result for each component.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<PerturbedComponent> Run(IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default) =>
        _experiment.Run(
            new SamplingFollower(
                new WorkCounter(progress, "perturbing", "tokens"),
                Plan,
                _experiment.TokenEvaluations,
                seconds: _trial?.GroupSeconds
            ),
            cancellation
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        _loaded.Dispose();
        Machine?.Dispose(); // Null where it could not be made.
    }

    /// <summary>The configuration of the run, with the paths of another where the run's own are gone.</summary>
    private static ExperimentConfiguration Configuration(RunManifest manifest, string path, string? other)
    {
        ExperimentConfiguration configuration = ExperimentConfiguration.Of(manifest.Configuration, Path.Combine(path, "manifest.json"));
        if (other is not null)
        {
            return configuration.WithPathsOf(ExperimentConfiguration.Load(other));
        }

        IEnumerable<string> paths = [configuration.Model, configuration.Sampling.Data, .. configuration.Probes.Select(probe => probe.Data)];
        return paths.FirstOrDefault(place => !Path.Exists(place)) is { } gone
            ? throw new InputException(
                $"{gone}, which the run names, is not there; give an experiment.yaml that says where the model and the rows are now with "
                    + "`configuration`."
            )
            : configuration;
    }

    /// <summary>Those that were asked for, or all of which the run holds a covariance.</summary>
    private static IReadOnlyList<Component> Components(SusceptibilityRun run, LoadedExperiment loaded, IReadOnlyList<string> names)
    {
        ParameterSet model = loaded.Model;
        return names.Count > 0
            ? new ComponentParser(model.Layout).ParseAll(names)
            : [.. loaded.Components.Where(component => !component.IsFull || run.Data.FullCovariance is not null)];
    }
}
