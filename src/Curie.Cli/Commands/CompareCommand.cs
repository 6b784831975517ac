using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Cli.Reports;
using Curie.Numerics.Files;
using Curie.Response.Comparison;
using Curie.Response.Runs;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Curie.Studies.Folders;

namespace Curie.Cli.Commands;

/// <summary><c>curie compare</c>: how the responses and learning coefficients of two runs differ.</summary>
internal static class CompareCommand
{
    private const string TableName = "comparison.csv";

    public static Command Create(Session session)
    {
        Argument<string> first = new("RUN1") { Description = "A folder that curie susceptibility or curie scan wrote." };
        Argument<string> second = new("RUN2") { Description = "Another: of another checkpoint, model, corpus or setting." };
        Option<string?> part = PartOption.Create("to compare");
        Option<bool> match = new("--match")
        {
            Description =
                "Put the heads of every layer beside their counterparts in the other run, for models that differ by their seed, rather "
                + "than beside those of the same name.",
        };
        Option<string?> csv = new("--csv") { Description = $"Also write {TableName} into this folder.", HelpName = "DIR" };
        Option<bool> overwrite = SharedOptions.Overwrite();
        Option<bool> takeOver = SharedOptions.TakeOver();
        CurieCommand command = new(
            session,
            "compare",
            "Compare two runs, of two checkpoints, two models, two corpora or two settings: the difference of every component's mean "
                + "response to every probe and of its learning coefficient, the second run less the first, with standard errors, and "
                + "what stands out after correction for the number of comparisons. curie report RUN1 RUN2 shows the same as a page.",
            "curie compare runs/chi-1500 runs/chi-20000"
        )
        {
            first,
            second,
            part,
            match,
            csv,
            overwrite,
            takeOver,
        };
        command.Runs(parsed =>
        {
            (string one, string other) = (parsed.GetRequiredValue(first), parsed.GetRequiredValue(second));
            (SusceptibilityRun left, SusceptibilityRun right) = (RunFolder.Read(one), RunFolder.Read(other));
            SharedOptions.TakeOver(parsed.GetValue(takeOver), parsed.GetValue(csv));
            using OutputFolder? folder = parsed.GetValue(csv) is { } tables
                ? OutputFolder.Open(
                    tables,
                    SharedOptions.Existing(resume: false, parsed.GetValue(overwrite)),
                    canResume: false,
                    [one, other]
                )
                : null;
            RunComparison comparison = RunComparison.Of(
                left,
                right,
                new RunComparisonOptions
                {
                    Part = PartOption.Of(parsed.GetValue(part), left),
                    Match = parsed.GetValue(match),
                    FirstNBeta = RunSources.Of(left.Manifest).NBeta,
                    SecondNBeta = RunSources.Of(right.Manifest).NBeta,
                }
            );
            RunComparisonView view = new(one, other, comparison, ComparisonConclusion.Of(comparison, left.Manifest, right.Manifest));
            if (folder is not null)
            {
                AtomicFile.WriteAllText(folder.FilePath(TableName), comparison.ToCsv());
            }

            ReportConsole.Report(session, view.ToJson, console => view.Draw(console, session.IsVerbose));
            return ExitCode.Done;
        });
        return command;
    }
}
