using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Curie.Cli.Configuration;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Networks.Files;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Response.Experiments;
using Curie.Response.Runs;

namespace Curie.Cli.Commands;

/// <summary><c>curie susceptibility</c>: samples the components of a model and measures how each answers to probes.</summary>
internal static class SusceptibilityCommand
{
    public static Command Create(Session session)
    {
        Option<string> config = new("--config") { Description = "The experiment.yaml.", HelpName = "FILE", Required = true };
        Option<string> folder = SharedOptions.Out("The run folder.", "RUN");
        Option<long?> seed = SharedOptions.SeedOverride();
        Option<int?> threads = SharedOptions.Threads();
        Option<long?> memory = SharedOptions.Memory();
        Option<int> saveEvery = new("--save-every")
        {
            Description = "Save a component in progress after so many seconds; a run that is killed loses no more than that and one draw.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 20,
        };
        saveEvery.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int seconds) && seconds < 0)
            {
                result.AddError("--save-every must be 0 (at every draw) or more seconds.");
            }
        });
        Option<bool> resume = SharedOptions.Resume();
        Option<bool> overwrite = SharedOptions.Overwrite();
        CurieCommand command = new(
            session,
            "susceptibility",
            "Sample the components of a model and measure how the loss of each answers to every token of the probes. The run folder gets "
            + "susceptibility.npz, which numpy.load reads, and manifest.json. The exit code is 3 if chains had to be left out.",
            "curie susceptibility --config experiment.yaml --out runs/experiment")
        {
            config, folder, seed, threads, memory, saveEvery, resume, overwrite,
        };
        command.Validators.Add(SharedOptions.RefuseBoth(resume, overwrite));
        command.Runs(parsed =>
        {
            ExperimentConfiguration configuration = ExperimentConfiguration.Load(parsed.GetRequiredValue(config));
            configuration = parsed.GetValue(seed) is { } other ? configuration.WithSeed(other) : configuration;
            string run = parsed.GetRequiredValue(folder);
            session.InterruptionAdvice = $"give the same command with --resume to continue the run in {run}.";
            using LoadedExperiment loaded = new(configuration.Model, configuration.Sampling, configuration.Probes);
            SusceptibilityInputs inputs = Inputs(configuration, loaded) with
            {
                SaveInterval = TimeSpan.FromSeconds(parsed.GetValue(saveEvery)),
                FrozenMemory = (parsed.GetValue(memory) ?? SharedOptions.DefaultMemory) / 4,
            };
            ExistingRun existing = SharedOptions.Existing(parsed.GetValue(resume), parsed.GetValue(overwrite));
            return Run(session, inputs, run, existing, parsed.GetValue(threads) ?? configuration.Threads);
        });
        return command;
    }

    private static int Run(Session session, SusceptibilityInputs inputs, string path, ExistingRun existing, int threads)
    {
        using WorkerPool pool = new(threads);
        SusceptibilityExperiment experiment = new(inputs, Kernels.FromEnvironment(), pool);
        OutputFolder folder = OutputFolder.Open(path, existing);
        folder.Enter(["manifest.json", RunFolder.ArrayFileName]);
        folder.Enter(experiment.Order.Select(component => Path.Combine(SusceptibilityExperiment.StateFolderName, $"{component.Name}.state")));
        RunShape shape = experiment.Shape;
        string work = experiment.TokenEvaluations.ToString("0.##e0", CultureInfo.InvariantCulture);
        session.Say(
            $"Sampling full and {shape.Components} components, {shape.Chains} chains of {shape.Draws} draws each, and following {shape.Tokens} tokens "
            + $"of {shape.Probes} probes: {work} token evaluations in all, into {path}{(folder.IsResumed ? ", continuing what is there" : "")}.");
        RunManifest manifest = WorkProgress.Run(session, "sampling", "tokens", 0, progress => experiment.Run(
            folder.Path,
            folder.IsResumed,
            new SamplingFollower(progress, experiment.Order.Select(component => component.Name), experiment.TokenEvaluations),
            session.Cancellation));
        SusceptibilityReport report = new(path, manifest);
        session.Report(report.Text, report.Json);
        return session.ReportExcluded(report.Excluded, shape.Runs * shape.Chains);
    }

    private static SusceptibilityInputs Inputs(ExperimentConfiguration configuration, LoadedExperiment loaded) => new()
    {
        Model = loaded.Model,
        Data = loaded.Data,
        Components = loaded.Components,
        Probes = loaded.Probes,
        Sampling = configuration.Sampling.Options,
        BatchSize = configuration.Sampling.BatchSize,
        Order = configuration.Sampling.Order,
        LossRows = configuration.Sampling.LossRows,
        Configuration = JsonSerializer.SerializeToElement(configuration.ToJson()),
        Fingerprint = Fingerprint(configuration),
    };

    private static string Fingerprint(ExperimentConfiguration configuration)
    {
        ExperimentConfiguration settings = configuration with
        {
            Model = "",
            Threads = 0,
            Sampling = configuration.Sampling with { Data = "" },
            Probes = [.. configuration.Probes.Select(probe => probe with { Data = "" })],
        };
        return RunFingerprint.Of(
            settings.ToJson(),
            [
                Path.Combine(configuration.Model, ModelFolder.ConfigName),
                Path.Combine(configuration.Model, ModelFolder.WeightsName),
                configuration.Sampling.Data,
                .. configuration.Probes.Select(probe => probe.Data),
            ]);
    }
}
