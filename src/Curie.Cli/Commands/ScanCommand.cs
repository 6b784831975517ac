using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Cli.Reports.Conclusions;
using Curie.Numerics;
using Curie.Response.Runs;
using Curie.Studies;
using Curie.Studies.Conclusions;
using Curie.Studies.Configuration;
using Curie.Studies.Folders;
using Curie.Studies.Susceptibilities;

namespace Curie.Cli.Commands;

/// <summary><c>curie scan</c>: a first look at the excess of every head, without sampling.</summary>
internal static class ScanCommand
{
    public static Command Create(Session session)
    {
        ScanOptions options = new();
        Option<string?> folder = new("--out", "-o")
        {
            Description = "The run folder, which curie structure and curie report read; without it only the table is printed.",
            HelpName = "RUN",
        };
        Option<long?> memory = SharedOptions.Memory();
        Option<bool> overwrite = SharedOptions.Overwrite();
        Option<bool> takeOver = SharedOptions.TakeOver();
        CurieCommand command = new(
            session,
            "scan",
            "Look before any sampling, with draws that never feel the loss: how much more than the mean loss "
                + "each token's loss rises when a component is moved "
                + "at random around the checkpoint. Forward passes alone, so every head is done in seconds.",
            "curie scan --model runs/pile/checkpoint-50000 --probe github.npy --probe arxiv.npy --rows 8 --data heldout.npy --out runs/scan"
        )
        {
            folder,
            memory,
            overwrite,
            takeOver,
        };
        options.AddTo(command);
        command.Runs(parsed =>
        {
            ScanConfiguration configuration = options.Read(parsed);
            string? path = parsed.GetValue(folder);
            using ScanStudy study = new(configuration, parsed.GetValue(memory) ?? StudyOptions.DefaultMemory);
            session.Say(study.Description);
            SharedOptions.TakeOver(parsed.GetValue(takeOver), path);
            ExistingRun existing = SharedOptions.Existing(resume: false, parsed.GetValue(overwrite));
            if (path is not null && existing == ExistingRun.Refuse)
            {
                OutputFolder.RequireFree(path, canResume: false);
            }

            session.Warn(study.CheckLossRows());
            if (session.ShowsProgress)
            {
                session.Say(
                    $"About {WorkTime.Words(study.Try())} on {Counted.Of(study.Threads, "thread")} (as tried now, if nothing else runs)."
                );
            }

            SusceptibilityRun run = WorkProgress.Run(session, progress => study.Run(path, existing, progress, session.Cancellation));
            ScanReport report = new(run, configuration, path, RunConclusion.Of(RunEnding.Of(run, path, configuration.Threads)));
            ReportConsole.Report(session, report.ToJson, report.Draw);
            return ExitCode.Done;
        });
        return command;
    }
}
