using System.CommandLine;
using System.Diagnostics;
using Curie.Cli.Demo;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Cli.Reports.Conclusions;
using Curie.Numerics.Parallelism;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Studies;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Susceptibilities;
using Curie.Studies.Training;

namespace Curie.Cli.Commands;

/// <summary><c>curie demo</c>: the whole way from text to structure, on text that every SDK brings.</summary>
internal static class DemoCommand
{
    public static Command Create(Session session)
    {
        Option<string> folder = new("--out", "-o")
        {
            Description = "The folder for everything that the demo makes.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "curie-demo",
        };
        Option<bool> quick = new("--quick")
        {
            Description = "About a minute instead of three: too short for induction to form, and few draws.",
        };
        Option<long> seed = SharedOptions.Seed();
        Option<int?> threads = SharedOptions.Threads();
        Option<bool> resume = SharedOptions.Resume();
        Option<bool> overwrite = SharedOptions.Overwrite();
        Option<bool> takeOver = SharedOptions.TakeOver();
        CurieCommand command = new(
            session,
            "demo",
            "Build a corpus from text that the .NET SDK brings, train a tokenizer and a two-layer language model, sample every attention "
                + "head, and show which heads express and suppress which text. Takes about three minutes on two cores and needs nothing "
                + "else.",
            "curie demo --quick --out demo"
        )
        {
            folder,
            quick,
            seed,
            threads,
            resume,
            overwrite,
            takeOver,
        };
        command.Validators.Add(SharedOptions.RefuseBoth(resume, overwrite));
        command.Runs(parsed =>
        {
            SharedOptions.TakeOver(parsed.GetValue(takeOver), parsed.GetValue(folder));
            long number = parsed.GetValue(seed);
            return Run(
                session,
                parsed.GetValue(quick) ? DemoSettings.Short(number) : DemoSettings.Full(number),
                new DemoFolder(parsed.GetRequiredValue(folder)),
                SharedOptions.Existing(parsed.GetValue(resume), parsed.GetValue(overwrite)),
                parsed.GetValue(threads) ?? 0
            );
        });
        return command;
    }

    private static int Run(Session session, DemoSettings settings, DemoFolder folder, ExistingRun existing, int threads)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using OutputFolder root = OutputFolder.Open(folder.Root, existing);
        root.Enter(DemoFolder.OwnFiles);
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Rows(DemoSettings.Repeats))!);
        session.InterruptionAdvice = $"give the same command with --resume to continue the demo in {folder.Root}.";
        session.Say(
            settings.Quick
                ? "The quick demo: the same steps as the full one in about a minute, with too little training for induction to form."
                : "The demo: text, tokenizer, training, sampling, structure; about three minutes on two cores."
        );
        new DemoText(session, settings, folder).Build();

        session.Say($"\n2. Training, into {folder.Training}.");
        TrainingConfiguration training = DemoConfigurations.Training(settings, folder);
        using (TrainingStudy study = new(training))
        {
            TrainingProgressView.Run(session, study, training, existing, threads);
        }

        using Machine machine = Machine.Create(threads);
        DemoMeasurements before = DemoMeasurements.Of(folder, settings, step: 0, machine);
        DemoMeasurements after = DemoMeasurements.Of(folder, settings, settings.Training.Steps, machine);

        ExperimentConfiguration experiment = DemoConfigurations.Experiment(settings, folder);
        session.Say("\n3. A scan, by forward passes alone: every head is moved at random around the trained weights.");
        Conclusion first = SayScan(session, experiment, settings, after, threads);

        session.Say($"\n4. Sampling, into {folder.Susceptibility}.");
        RunManifest manifest = SusceptibilityView.Run(
            session,
            experiment,
            folder.Susceptibility,
            existing,
            new StudyOptions { Threads = threads }
        );
        SusceptibilityRun run = RunFolder.Read(folder.Susceptibility);
        SusceptibilityReport sampling = new(folder.Susceptibility, manifest, found: null, session.IsVerbose);
        session.Say(sampling.Text);

        session.Say("\n5. What was found");
        using ProbeText text = ProbeText.Open(run, model: null);
        SusceptibilityRun? control = SusceptibilityStudy.ControlOf(folder.Susceptibility);
        HeadMeasures measures = HeadMeasures.Of(
            run,
            ResponsePart.Susceptibility,
            model: null,
            PatternFile.Read(null),
            settings.ScoreSamples,
            settings.Seed,
            paths: false,
            machine,
            control
        );
        RunAttention.Keep(folder.Susceptibility, run, model: null, machine);
        DemoReport report = new(
            settings,
            folder,
            before,
            after,
            run,
            text,
            new StructureReport(run, text, new AnalysisOptions()),
            measures,
            control,
            session.ShowsProgress ? first : null
        );
        report.WritePage();
        ReportConsole.Report(session, report.ToJson, session.IsVerbose ? report.Draw : report.DrawShort);
        session.Say(FormattableString.Invariant($"\nThe demo took {watch.Elapsed.TotalSeconds:F0} seconds."));
        return session.ReportExcluded(sampling.Excluded, manifest.Shape.Runs * manifest.Shape.Chains);
    }

    /// <summary>What a scan of few draws says already, seconds after training.</summary>
    private static Conclusion SayScan(
        Session session,
        ExperimentConfiguration experiment,
        DemoSettings settings,
        DemoMeasurements trained,
        int threads
    )
    {
        Stopwatch watch = Stopwatch.StartNew();
        using ScanStudy scan = new(
            ScanConfiguration.Of(experiment) with
            {
                Pairs = settings.ScanPairs,
                Threads = threads,
            },
            StudyOptions.DefaultMemory
        );
        SusceptibilityRun run = WorkProgress.Run(session, progress =>
            scan.Run(path: null, progress: progress, cancellation: session.Cancellation)
        );
        Conclusion found = RunConclusion.Of(new RunFindings(run, trained.Roles));
        foreach (string line in ConclusionView.Lines(found, ProseLines.Width))
        {
            session.Say(line);
        }

        session.Say(
            FormattableString.Invariant($"(A scan of {settings.ScanPairs} pairs of draws a head; {watch.Elapsed.TotalSeconds:F0} seconds.)")
        );
        return found;
    }
}
