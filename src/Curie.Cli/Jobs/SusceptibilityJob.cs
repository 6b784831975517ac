using System.Globalization;
using System.Text.Json;
using Curie.Cli.Configuration;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Networks.Files;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Response.Runs;

namespace Curie.Cli.Jobs;

/// <summary>Runs a susceptibility experiment as a configuration says, with progress.</summary>
internal static class SusceptibilityJob
{
    /// <summary>Runs an experiment, or continues the one in the folder.</summary>
    /// <returns>The finished run's manifest.</returns>
    /// <exception cref="Numerics.InputException">An input does not fit, the folder holds a run, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C; the state is saved.</exception>
    public static RunManifest Run(
        Session session, ExperimentConfiguration configuration, string path, ExistingRun existing, SusceptibilityJobOptions options)
    {
        using LoadedExperiment loaded = new(configuration.Model, configuration.Sampling, configuration.Probes);
        SusceptibilityInputs inputs = Inputs(configuration, loaded) with
        {
            SaveInterval = options.SaveInterval,
            Memory = options.Memory,
        };
        using WorkerPool pool = new(options.Threads ?? configuration.Threads);
        SusceptibilityExperiment experiment = new(inputs, Kernels.FromEnvironment(), pool);
        OutputFolder folder = OutputFolder.Open(path, existing);
        folder.Enter(RunFiles.Names);
        folder.Enter(experiment.Order.Select(component => Path.Combine(SusceptibilityExperiment.StateFolderName, $"{component.Name}.state")));
        RunShape shape = experiment.Shape;
        string work = experiment.TokenEvaluations.ToString("0.##e0", CultureInfo.InvariantCulture);
        session.Say(
            $"Sampling full and {shape.Components} components, {shape.Chains} chains of {shape.Draws} draws each, and following {shape.Tokens} tokens "
            + $"of {shape.Probes} probes: {work} token evaluations in all, into {path}{(folder.IsResumed ? ", continuing what is there" : "")}.");
        foreach (string note in experiment.Design.Notes)
        {
            session.Say(note);
        }

        session.Say(PlanView.Text(experiment.Plan, Kernels.FromEnvironment(), pool));
        return WorkProgress.Run(session, "sampling", "tokens", 0, progress => experiment.Run(
            folder.Path,
            folder.IsResumed,
            new SamplingFollower(progress, experiment.Plan, experiment.TokenEvaluations),
            session.Cancellation));
    }

    /// <summary>What a configuration and the files that it names define.</summary>
    public static SusceptibilityInputs Inputs(ExperimentConfiguration configuration, LoadedExperiment loaded) => new()
    {
        Model = loaded.Model,
        Data = loaded.Data,
        Components = loaded.Components,
        Probes = loaded.Probes,
        Sampling = configuration.Sampling.Options with { Antithetic = configuration.Sampling.Coupling.IsAntithetic(configuration.Sampling.Options) },
        Observable = ObservedPattern.Of(configuration, loaded),
        Covariance = configuration.Sampling.Coupling.Covariance,
        PerturbationStrength = configuration.Sampling.Coupling.Strength,
        PerturbationRows = configuration.Sampling.Coupling.Rows,
        FullDraws = configuration.Sampling.Coupling.FullDraws,
        GaussianPairs = configuration.Sampling.Coupling.GaussianPairs,
        BatchSize = configuration.Sampling.BatchSize,
        Order = configuration.Sampling.Order,
        LossRows = configuration.Sampling.LossRows,
        Configuration = JsonSerializer.SerializeToElement(configuration.ToJson()),
        Fingerprint = Fingerprint(configuration),
    };

    /// <summary>What defines the observed tokens beside the probe: a file of patterns and the tokenizer.</summary>
    private static IEnumerable<string?> PatternFiles(ExperimentConfiguration configuration) => configuration.Sampling.Observable is { Pattern: not null } observable
        ? [observable.PatternFile, Path.Combine(configuration.Model, ModelFolder.TokenizerName)]
        : [];

    private static string Fingerprint(ExperimentConfiguration configuration)
    {
        ExperimentConfiguration settings = configuration with
        {
            Model = "",
            Threads = 0,
            Sampling = configuration.Sampling with { Data = "", Observable = configuration.Sampling.Observable is { } observable ? observable with { PatternFile = null } : null },
            Probes = [.. configuration.Probes.Select(probe => probe with { Data = "" })],
        };
        return RunFingerprint.Of(
            settings.ToJson(),
            [
                Path.Combine(configuration.Model, ModelFolder.ConfigName),
                Path.Combine(configuration.Model, ModelFolder.WeightsName),
                configuration.Sampling.Data,
                .. configuration.Probes.Select(probe => probe.Data),
                .. PatternFiles(configuration),
            ]);
    }
}
