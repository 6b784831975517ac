using System.CommandLine;
using Curie.Cli.Invocation;
using Curie.Cli.Options;
using Curie.Cli.Reports;
using Curie.Cluster;
using Curie.Cluster.Slurm;
using Curie.Cluster.Status;
using Curie.Studies.Folders;
using Curie.Studies.Sharding;

namespace Curie.Cli.Commands.Cluster;

/// <summary><c>curie status</c>: how the shards of a study stand.</summary>
internal static class StatusCommand
{
    public static Command Create(Session session)
    {
        Argument<string> folder = new("RUN") { Description = "The folder of the study that curie submit cut into shards." };
        Option<int?> watch = SamplingOverrides.Whole("--watch", "Look again every so many seconds, until all is done or nothing moves.", 1);
        Option<bool> all = new("--all") { Description = "List every shard, also those that are done." };
        CurieCommand command = new(
            session,
            "status",
            "Show how the shards of a study stand: done, running, waiting, failed or lost, what they took and what is left; from the files "
                + "that they write, and with Slurm from the queue.",
            "curie status runs/experiment --watch 30"
        )
        {
            folder,
            watch,
            all,
        };
        command.Runs(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            while (true)
            {
                StudyStatus status = Ask(path);
                ShardStatusView view = new(path, status, parsed.GetValue(all));
                session.Report(view.Text, view.Json);
                bool moves =
                    status.Count(WorkCondition.Running) + status.Count(WorkCondition.Waiting) > 0
                    || status.Merge.Condition is WorkCondition.Running or WorkCondition.Waiting;
                if (parsed.GetValue(watch) is not { } seconds || !moves)
                {
                    return ExitCode.Done;
                }

                session.Cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(seconds));
                if (session.Cancellation.IsCancellationRequested)
                {
                    return ExitCode.Done;
                }

                session.Say("");
            }
        });
        return command;
    }

    private static StudyStatus Ask(string path)
    {
        ShardPlan plan = ShardPlan.Read(path);
        SubmissionRecord submission = SubmissionRecord.Read(path) ?? ByHand(path, plan);
        QueueState queue =
            submission.Engine == SlurmEngine.Name
                ? new SlurmClient().Ask([.. submission.ShardJobs, .. submission.MergeJob is { } merge ? (string[])[merge] : []])
                : QueueState.Unknown;
        bool isMerged = ShardMerger.IsMerged(path);
        return StudyStatus.Of(submission, Reports(path, plan, isMerged), queue, isMerged);
    }

    /// <summary>What the shards have written; the files of a shard say more than its last report.</summary>
    private static List<ShardReport> Reports(string path, ShardPlan plan, bool isMerged)
    {
        DateTime? now = FileClock.Now(path);
        List<ShardReport> reports = [];
        for (int index = 0; index < plan.Shards.Count; index++)
        {
            ShardFolder shard = new(path, plan, index);
            IReadOnlyList<ShardAttempt> attempts = shard.Attempts();
            bool isDone = isMerged || shard.IsDone;
            reports.AddRange(attempts.Select(attempt => Of(shard, attempt, isDone && attempt == attempts[^1], now)));
            if (isDone && attempts.Count == 0)
            {
                DateTimeOffset unknown = DateTimeOffset.UnixEpoch;
                reports.Add(
                    new ShardReport
                    {
                        Index = index,
                        Attempt = 1,
                        Host = "?",
                        State = ShardReportState.Done,
                        Started = unknown,
                        Updated = unknown,
                        Fraction = 1,
                    }
                );
            }
        }

        return reports;
    }

    private static ShardReport Of(ShardFolder shard, ShardAttempt attempt, bool isDone, DateTime? now) =>
        new()
        {
            Index = attempt.Index,
            Attempt = attempt.Attempt,
            Host = attempt.Host,
            State =
                isDone ? ShardReportState.Done
                : attempt.State == ShardAttemptState.Done ? ShardReportState.Stopped
                : (ShardReportState)attempt.State,
            Started = attempt.Started,
            Updated = attempt.Updated,
            Fraction = attempt.Fraction,
            SecondsLeft = attempt.SecondsLeft,
            Message = attempt.Message,
            IsHeld = attempt.State == ShardAttemptState.Running && !isDone ? OutputFolder.IsInUse(shard.Path) : null,
            Age = now - File.GetLastWriteTimeUtc(Path.Combine(shard.Path, ShardFolder.AttemptName(attempt.Attempt))),
        };

    private static SubmissionRecord ByHand(string path, ShardPlan plan) =>
        new()
        {
            Engine = "",
            Job = new ClusterJob
            {
                Folder = Path.GetFullPath(path),
                Shards = plan.Shards.Count,
                Program = [],
                Isa = plan.Isa,
                Cpus = 1,
                MemoryBytes = 0,
                Hours = 0,
                MergeMemoryBytes = 0,
                MergeHours = 0,
            },
            Host = "",
            Submitted = DateTimeOffset.UnixEpoch,
        };
}
