using System.CommandLine;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Output;
using Curie.Cli.Reports.Conclusions;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Response.Runs;
using Curie.Studies;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Susceptibilities;

namespace Curie.Cli.Commands;

/// <summary><c>curie susceptibility</c>: samples the components of a model and measures how each answers to probes.</summary>
internal static class SusceptibilityCommand
{
    public static Command Create(Session session)
    {
        SusceptibilityOptions experiment = new();
        Option<string> folder = SharedOptions.Out("The run folder; over several checkpoints, the folder of their run folders.", "RUN");
        Option<int?> threads = SharedOptions.Threads();
        Option<long?> memory = SharedOptions.Memory();
        Option<int> saveEvery = SharedOptions.SaveEvery();
        Option<bool> resume = SharedOptions.Resume();
        Option<bool> overwrite = SharedOptions.Overwrite();
        Option<bool> takeOver = SharedOptions.TakeOver();
        CurieCommand command = new(
            session,
            "susceptibility",
            "Sample the components of a model and measure how the loss of each answers to every token of the probes. The run folder gets "
                + "susceptibility.npz, which numpy.load reads, and manifest.json; of several checkpoints, each gets a run folder of its "
                + "name in --out. The exit code is 3 if chains had to be left out.",
            "curie susceptibility --config experiment.yaml --out runs/experiment"
        )
        {
            folder,
            threads,
            memory,
            saveEvery,
            resume,
            overwrite,
            takeOver,
        };
        experiment.AddTo(command);
        command.Validators.Add(SharedOptions.RefuseBoth(resume, overwrite));
        command.Runs(parsed =>
        {
            ExperimentConfiguration configuration = experiment.Read(parsed);
            string run = parsed.GetRequiredValue(folder);
            session.InterruptionAdvice = $"give the same command with --resume to continue the run in {run}.";
            StudyOptions options = new()
            {
                Threads = parsed.GetValue(threads),
                Memory = parsed.GetValue(memory) ?? StudyOptions.DefaultMemory,
                SaveInterval = TimeSpan.FromSeconds(parsed.GetValue(saveEvery)),
            };
            SharedOptions.TakeOver(parsed.GetValue(takeOver), run);
            ExistingRun existing = SharedOptions.Existing(parsed.GetValue(resume), parsed.GetValue(overwrite));
            return configuration.HasCheckpoints
                ? RunAll(session, configuration, experiment.Every(parsed), run, existing, options)
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
        SusceptibilityReport report = new(run, manifest, RunEnding.Of(run, options.Threads ?? 0), session.IsVerbose);
        session.Report($"{report.Text}\n{Next(run, configuration)}", report.Json);
        return session.ReportExcluded(report.Excluded, manifest.Shape.Runs * manifest.Shape.Chains);
    }

    private static string Next(string run, ExperimentConfiguration configuration) =>
        configuration.Sampling.Options.NBeta > 0
            ? $"Next: curie structure {run}\n      curie head {run} HEAD\n      curie report {run} --out report.html"
            : $"Next: curie structure RUN --control {run}";

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
            reports.Add(new SusceptibilityReport(run, manifest, RunEnding.Of(run, options.Threads ?? 0), session.IsVerbose));
            chains += manifest.Shape.Runs * manifest.Shape.Chains;
        }

        session.Report(
            string.Join('\n', reports.Select(report => report.Text)),
            new JsonObject { ["runs"] = new JsonArray([.. reports.Select(report => (JsonNode)report.Json)]) }
        );
        return session.ReportExcluded([.. reports.SelectMany(report => report.Excluded)], chains);
    }
}
