using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Output;
using Curie.Development.Regression;
using Curie.Numerics;
using Curie.Studies.Development;
using Curie.Studies.Folders;

namespace Curie.Cli.Commands;

/// <summary><c>curie regression evaluate</c>: one table over the checkpoints of a run, and their outputs on fixed sequences.</summary>
internal static class RegressionEvaluateCommand
{
    private static readonly string[] Shown =
    [
        "loss",
        "task_prior",
        "ridge_distance",
        "dmmse_distance",
        "ood_input_3_icl",
        "unembed_row_norm",
        "ln_final_mean",
    ];

    public static Command Create(Session session)
    {
        RegressionEvaluateOptions evaluate = new();
        Option<string> folder = SharedOptions.Out("The folder for evaluation.csv, evaluation.json and outputs.npz.", "DIR");
        Option<int?> threads = SharedOptions.Threads();
        Option<bool> overwrite = SharedOptions.Overwrite();
        Option<bool> takeOver = SharedOptions.TakeOver();
        CurieCommand command = new(
            session,
            "evaluate",
            "Evaluate every checkpoint of a run on the same sequences: losses, in-context learning, distances from ridge regression and "
                + "dMMSE, sequences unlike those of training, attention, and the collapse of embeddings and layer norms.",
            "curie regression evaluate --run runs/regression --out runs/regression-scores"
        )
        {
            folder,
            threads,
            overwrite,
            takeOver,
        };
        evaluate.AddTo(command);
        command.Runs(parsed =>
        {
            SharedOptions.TakeOver(parsed.GetValue(takeOver), parsed.GetValue(folder));
            ExistingRun existing = SharedOptions.Existing(resume: false, parsed.GetValue(overwrite));
            return Run(
                session,
                evaluate.Run(parsed),
                parsed.GetRequiredValue(folder),
                evaluate.Read(parsed),
                existing,
                parsed.GetValue(threads) ?? 0
            );
        });
        return command;
    }

    private static int Run(Session session, string run, string path, RegressionEvaluationOptions options, ExistingRun existing, int threads)
    {
        RegressionEvaluationStudy job = new(run, options);
        using OutputFolder folder = OutputFolder.Open(path, existing, canResume: false, [run]);
        session.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Evaluating {Counted.Of(job.Checkpoints.Count, "checkpoint")} of {run} on "
                    + $"{Counted.Of(options.Sequences, "sequence")} into {path}."
            )
        );
        RegressionTable table = WorkProgress.Run(session, progress => job.Run(folder, threads, progress, session.Cancellation));
        IReadOnlyList<string> shown = [.. Shown.Where(table.Columns.Contains)];
        string text = TextTable.Render(
            ["step", .. shown],
            table.Rows.Select(row =>
                new[] { row.Step.ToString(CultureInfo.InvariantCulture) }
                    .Concat(shown.Select(name => row.Values[table.IndexOf(name)].ToString("G5", CultureInfo.InvariantCulture)))
                    .ToArray()
            )
        );
        session.Report(
            $"{text}\n{folder.Path}: {Counted.Of(table.Columns.Count, "figure")} of {Counted.Of(table.Rows.Count, "checkpoint")}",
            new JsonObject
            {
                ["folder"] = path,
                ["checkpoints"] = table.Rows.Count,
                ["table"] = table.ToJson(),
            }
        );
        return ExitCode.Done;
    }
}
