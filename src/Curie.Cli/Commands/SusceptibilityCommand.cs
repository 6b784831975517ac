using System.CommandLine;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Output;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Response.Runs;
using Curie.Studies;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;

namespace Curie.Cli.Commands;

/// <summary><c>curie susceptibility</c>: samples the components of a model and measures how each answers to probes.</summary>
internal static class SusceptibilityCommand
{
    public static Command Create(Session session)
    {
        Option<string> config = new("--config")
        {
            Description = "The experiment.yaml.",
            HelpName = "FILE",
            Required = true,
        };
        Option<string> folder = SharedOptions.Out("The run folder; over several checkpoints, the folder of their run folders.", "RUN");
        Option<string[]> models = SharedOptions.Models();
        models.Description += " In place of the configuration's.";
        Option<int?> every = SamplingOverrides.Whole("--every", "Of several checkpoints take every N-th, and the last; 1 by default.", 1);
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
        SamplerOverrides sampler = new();
        Option<bool> control = new("--control")
        {
            Description =
                "Sample at nbeta 0, where the loss does not act on the chains, whatever the configuration says: a control to give to "
                + "curie structure --control.",
        };
        Option<bool> resume = SharedOptions.Resume();
        Option<bool> overwrite = SharedOptions.Overwrite();
        CurieCommand command = new(
            session,
            "susceptibility",
            "Sample the components of a model and measure how the loss of each answers to every token of the probes. The run folder gets "
                + "susceptibility.npz, which numpy.load reads, and manifest.json; of several checkpoints, each gets a run folder of its "
                + "name in --out. The exit code is 3 if chains had to be left out.",
            "curie susceptibility --config experiment.yaml --out runs/experiment"
        )
        {
            config,
            models,
            every,
            folder,
            seed,
            threads,
            memory,
            saveEvery,
            control,
            resume,
            overwrite,
        };
        foreach (Option option in sampler.Options)
        {
            command.Add(option);
        }

        command.Validators.Add(SharedOptions.RefuseBoth(resume, overwrite));
        command.Runs(parsed =>
        {
            ExperimentConfiguration configuration = ExperimentConfiguration.Load(parsed.GetRequiredValue(config), severalModels: true);
            configuration = parsed.GetValue(seed) is { } other ? configuration.WithSeed(other) : configuration;
            configuration = parsed.GetValue(models) is { Length: > 0 } places
                ? configuration with
                {
                    Model = places[0],
                    MoreModels = places[1..],
                }
                : configuration;
            configuration = configuration with
            {
                Sampling = configuration.Sampling with { Options = sampler.Apply(parsed, configuration.Sampling.Options) },
            };
            configuration.Sampling.Options.Validate();
            configuration = parsed.GetValue(control) ? configuration.AsControl() : configuration;
            string run = parsed.GetRequiredValue(folder);
            session.InterruptionAdvice = $"give the same command with --resume to continue the run in {run}.";
            StudyOptions options = new()
            {
                Threads = parsed.GetValue(threads),
                Memory = parsed.GetValue(memory) ?? StudyOptions.DefaultMemory,
                SaveInterval = TimeSpan.FromSeconds(parsed.GetValue(saveEvery)),
            };
            ExistingRun existing = SharedOptions.Existing(parsed.GetValue(resume), parsed.GetValue(overwrite));
            return configuration.HasCheckpoints
                ? RunAll(session, configuration, parsed.GetValue(every) ?? 1, run, existing, options)
                : RunOne(session, configuration, run, existing, options);
        });
        return command;
    }

    private static int RunOne(
        Session session,
        ExperimentConfiguration configuration,
        string run,
        ExistingRun existing,
        StudyOptions options
    )
    {
        RunManifest manifest = SusceptibilityView.Run(session, configuration, run, existing, options);
        SusceptibilityReport report = new(run, manifest);
        session.Report(report.Text, report.Json);
        return session.ReportExcluded(report.Excluded, manifest.Shape.Runs * manifest.Shape.Chains);
    }

    /// <summary>
    /// One run folder for each checkpoint, in the order of steps; a folder that may not be written is refused before any sampling.
    /// </summary>
    private static int RunAll(
        Session session,
        ExperimentConfiguration configuration,
        int every,
        string folder,
        ExistingRun existing,
        StudyOptions options
    )
    {
        IReadOnlyList<Checkpoint> checkpoints = CheckpointSelection.Find([configuration.Model, .. configuration.MoreModels], every);
        foreach (Checkpoint checkpoint in checkpoints.Where(_ => existing == ExistingRun.Refuse))
        {
            OutputFolder.RequireFree(Path.Combine(folder, checkpoint.Name));
        }

        List<SusceptibilityReport> reports = [];
        int chains = 0;
        foreach (Checkpoint checkpoint in checkpoints)
        {
            string run = Path.Combine(folder, checkpoint.Name);
            RunManifest manifest = SusceptibilityView.Run(
                session,
                configuration with
                {
                    Model = checkpoint.Folder,
                    MoreModels = [],
                },
                run,
                existing,
                options
            );
            reports.Add(new SusceptibilityReport(run, manifest));
            chains += manifest.Shape.Runs * manifest.Shape.Chains;
        }

        session.Report(
            string.Join('\n', reports.Select(report => report.Text)),
            new JsonObject { ["runs"] = new JsonArray([.. reports.Select(report => (JsonNode)report.Json)]) }
        );
        return session.ReportExcluded([.. reports.SelectMany(report => report.Excluded)], chains);
    }
}
