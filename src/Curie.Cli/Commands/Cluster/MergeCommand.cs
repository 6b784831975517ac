using System.CommandLine;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports;
using Curie.Cli.Reports.Conclusions;
using Curie.Cluster;
using Curie.Development.Coefficients;
using Curie.Numerics;
using Curie.Response.Experiments;
using Curie.Response.Runs;
using Curie.Studies;
using Curie.Studies.Configuration;
using Curie.Studies.Sharding;

namespace Curie.Cli.Commands.Cluster;

/// <summary><c>curie merge</c>: makes the results of a study of its shards.</summary>
internal static class MergeCommand
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    public static Command Create(Session session)
    {
        Argument<string> folder = new("RUN") { Description = "The folder of the study that curie submit cut into shards." };
        Option<bool> wait = new("--wait")
        {
            Description = "Wait until all shards are done, or one is given up: three attempts at it have saved nothing.",
        };
        Option<bool> keep = new("--keep") { Description = "Keep the shards' files, which are deleted once the results are there." };
        Option<bool> takeOver = SharedOptions.TakeOver();
        Option<bool> accept = new(ClusterJob.AcceptExcluded)
        {
            Description = "End with 0 though chains had to be left out: schedulers take anything else for a failure.",
        };
        CurieCommand command = new(
            session,
            "merge",
            "Merge the shards of a study: the results are there then, with the bytes of one process. A shard that is missing, damaged, "
                + "there "
                + "twice or of another study is refused by its name. The exit code is 3 if chains had to be left out.",
            "curie merge runs/experiment"
        )
        {
            folder,
            wait,
            keep,
            accept,
            takeOver,
        };
        command.Runs(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            if (parsed.GetValue(wait))
            {
                Wait(session, path);
            }

            bool merged = WorkProgress.Run(session, progress =>
                ShardMerger.Merge(
                    path,
                    new StudyOptions { Threads = 1 },
                    parsed.GetValue(keep),
                    parsed.GetValue(takeOver),
                    progress,
                    session.Cancellation
                )
            );
            int code = Report(session, path, merged);
            return parsed.GetValue(accept) ? ExitCode.Done : code;
        });
        return command;
    }

    private static void Wait(Session session, string path)
    {
        ShardPlan plan = ShardPlan.Read(path);
        int last = -1;
        while (!ShardMerger.IsMerged(path) && ShardMerger.Missing(path, plan) is { Count: > 0 } missing)
        {
            ShardMerger.RequireHope(path, plan);
            if (missing.Count != last)
            {
                session.Say($"Waiting for {Counted.Of(missing.Count, "shard")} of {plan.Shards.Count}.");
                last = missing.Count;
            }

            session.Cancellation.WaitHandle.WaitOne(LookAgain);
            session.Cancellation.ThrowIfCancellationRequested();
        }
    }

    private const string NoControl =
        "A merge makes no control, draws that never feel the loss; curie susceptibility --control with the same configuration samples one.";

    /// <summary>What the command of the study itself would say at its end.</summary>
    private static int Report(Session session, string path, bool merged)
    {
        ShardPlan plan = ShardPlan.Read(path);
        string first = merged ? $"Merged {Counted.Of(plan.Shards.Count, "shard")} in {path}." : $"{path} was merged already.";
        JsonObject json = new()
        {
            ["run"] = path,
            ["merged"] = merged,
            ["shards"] = plan.Shards.Count,
        };
        if (plan.Study == CoefficientShards.StudyName)
        {
            CoefficientTable table = RecordJson.ReadFile<CoefficientTable>(Path.Combine(path, CoefficientTable.JsonName));
            LlcStudyReport study = new(path, table, session.IsVerbose);
            json["table"] = RecordJson.ToNode(table);
            session.Report($"{first}\n{study.Text}", json);
            int chains = ExperimentConfiguration.Of(plan.Configuration, ShardPlan.FileName, severalModels: true).Sampling.Options.Chains;
            return session.ReportExcluded(study.Excluded, table.Rows.Count * chains);
        }

        if (plan.Study != SusceptibilityExperiment.StudyName)
        {
            session.Report(first, json);
            return ExitCode.Done;
        }

        string[] runs = [.. plan.Units.Select(unit => Path.Combine(path, unit.Name))];
        RunManifest[] manifests = [.. runs.Select(RunFolder.ReadManifest)];
        SusceptibilityReport[] reports =
        [
            .. runs.Zip(manifests, (run, manifest) => new SusceptibilityReport(run, manifest, RunEnding.Of(run, 0), session.IsVerbose)),
        ];
        json["runs"] = new JsonArray([.. reports.Select(report => (JsonNode)report.Json)]);
        session.Report(string.Join('\n', reports.Select(report => report.Text).Prepend(first).Append(NoControl)), json);
        return session.ReportExcluded(
            [.. reports.SelectMany(report => report.Excluded)],
            manifests.Sum(manifest => manifest.Shape.Runs * manifest.Shape.Chains)
        );
    }
}
