using Curie.Cli.Configuration;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Experiments;
using Curie.Response.Linearity;
using Curie.Response.Runs;

namespace Curie.Cli.Jobs;

/// <summary>Perturbs the posteriors of a finished run, with progress.</summary>
internal static class PerturbationJob
{
    /// <summary>Perturbs.</summary>
    /// <param name="session">The invocation.</param>
    /// <param name="path">The run folder.</param>
    /// <param name="options">What is perturbed, and how.</param>
    /// <returns>One result for each component.</returns>
    /// <exception cref="InputException">The run, or what it was made from, is not there or is another, or an option does not fit it.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public static IReadOnlyList<PerturbedComponent> Run(Session session, string path, PerturbationJobOptions options)
    {
        SusceptibilityRun run = RunFolder.Read(path);
        run.Require(ResponsePart.Covariance);
        ExperimentConfiguration configuration = Configuration(run.Manifest, path, options.Configuration);
        using LoadedExperiment loaded = new(configuration.Model, configuration.Sampling, configuration.Probes);
        SusceptibilityInputs inputs = SusceptibilityJob.Inputs(configuration, loaded) with { Memory = options.Memory };
        if (inputs.Fingerprint != run.Manifest.Fingerprint)
        {
            throw new InputException($"the model or the data are not those that {path} was sampled with; restore them, or name them with --config.");
        }

        using WorkerPool pool = new(options.Threads ?? configuration.Threads);
        PerturbationExperiment experiment = new(
            new PerturbationInputs { Experiment = inputs, Probe = options.Probe, Shares = options.Shares, Components = Components(run, loaded, options.Components) },
            run,
            Kernels.FromEnvironment(),
            pool);
        session.Say(
            $"Perturbing the posteriors of {string.Join(", ", experiment.Plan.Groups.SelectMany(group => group.Components).Select(component => component.Name))} by {options.Probe} "
            + $"at {options.Shares.Count} shares, beside the {run.Manifest.Shape.Chains} chains of {path}.");
        session.Say(PlanView.Text(experiment.Plan, Kernels.FromEnvironment(), pool));
        return WorkProgress.Run(session, "perturbing", "tokens", 0, progress => experiment.Run(
            new SamplingFollower(progress, experiment.Plan, experiment.TokenEvaluations), session.Cancellation));
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
            ? throw new InputException($"{gone}, which the run names, is not there; give an experiment.yaml that says where the model and the rows are now with --config.")
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
