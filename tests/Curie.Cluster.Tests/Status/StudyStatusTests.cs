using Curie.Cluster.Status;

namespace Curie.Cluster.Tests.Status;

public sealed class StudyStatusTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly SubmissionRecord Submission = new()
    {
        Engine = "slurm",
        Job = new ClusterJob
        {
            Folder = "/run",
            Shards = 3,
            Program = ["curie"],
            Isa = "256",
            Cpus = 1,
            MemoryBytes = 1,
            Hours = 2,
            MergeMemoryBytes = 1,
            MergeHours = 1,
        },
        ShardJobs = ["7"],
        MergeJob = "8",
        Host = "login",
        Submitted = Noon,
    };

    private static readonly QueuedTask MergeWaits = new("8", null, TaskState.Waiting, "PENDING (Dependency)");

    [Fact]
    public void Before_any_shard_has_started()
    {
        StudyStatus status = Of([], Task(0, TaskState.Waiting), Task(1, TaskState.Waiting), Task(2, TaskState.Waiting), MergeWaits);
        Assert.Equal(3, status.Count(WorkCondition.Waiting));
        Assert.Null(status.Left);
        Assert.Equal(TimeSpan.FromHours(6), status.Work);
        Assert.Equal(WorkCondition.Waiting, status.Merge.Condition);
    }

    [Fact]
    public void While_some_run_what_is_left_is_counted_on_as_many_nodes()
    {
        StudyStatus status = Of(
            [Report(0, ShardReportState.Running, hours: 1, fraction: 0.5) with { SecondsLeft = 3000, Age = TimeSpan.FromSeconds(600) }],
            Task(0, TaskState.Running),
            Task(1, TaskState.Running),
            Task(2, TaskState.Waiting)
        );
        Assert.Equal([WorkCondition.Running, WorkCondition.Running, WorkCondition.Waiting], Conditions(status));

        // The first needs 40 minutes more, so that the third ends at 2 h 40 min; the second needs the whole estimate.
        Assert.Equal(TimeSpan.FromMinutes(160), status.Left);
        Assert.Equal(TimeSpan.FromMinutes(280), status.Work);
        Assert.Equal(TimeSpan.FromHours(1), status.Shards[0].Elapsed);
        Assert.Equal("starting", status.Shards[1].Words);
    }

    [Fact]
    public void What_is_done_gives_the_pace_of_the_rest()
    {
        StudyStatus status = Of(
            [
                Report(0, ShardReportState.Stopped, hours: 1, fraction: 0.2),
                Report(0, ShardReportState.Done, hours: 3, fraction: 1) with
                {
                    Attempt = 2,
                },
                Report(1, ShardReportState.Running, hours: 1, fraction: 0.5),
            ],
            Task(0, TaskState.Completed),
            Task(1, TaskState.Running),
            Task(2, TaskState.Waiting)
        );
        Assert.Equal([WorkCondition.Done, WorkCondition.Running, WorkCondition.Waiting], Conditions(status));
        Assert.Equal(TimeSpan.FromHours(4), status.Shards[0].Elapsed);
        Assert.Equal(2, status.Shards[0].Attempts);
        Assert.Equal(TimeSpan.FromHours(2 + 4), status.Left);
    }

    [Fact]
    public void A_stopped_shard_waits_to_continue()
    {
        StudyStatus status = Of(
            [Report(0, ShardReportState.Stopped, hours: 1, fraction: 0.25), Report(1, ShardReportState.Stopped, hours: 1, fraction: 0.25)],
            Task(0, TaskState.Waiting),
            Task(1, TaskState.Ending),
            Task(2, TaskState.Running)
        );
        Assert.Equal([WorkCondition.Waiting, WorkCondition.Waiting, WorkCondition.Running], Conditions(status));
        Assert.EndsWith("continues at 25 %", status.Shards[0].Words, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromHours(1.5), status.Shards[0].Left);
    }

    [Fact]
    public void Failures_have_the_shards_own_words_or_the_queues()
    {
        StudyStatus status = Of(
            [
                Report(0, ShardReportState.Failed, hours: 1) with
                {
                    Message = "the disk is full",
                },
                Report(1, ShardReportState.Running, hours: 1),
            ],
            Task(0, TaskState.Failed),
            Task(1, TaskState.Failed, "TIMEOUT"),
            Task(2, TaskState.Failed, "CANCELLED"),
            new QueuedTask("8", null, TaskState.Failed, "CANCELLED (DependencyNeverSatisfied)")
        );
        Assert.Equal([WorkCondition.Failed, WorkCondition.Failed, WorkCondition.Failed], Conditions(status));
        Assert.Equal(["the disk is full", "TIMEOUT", "CANCELLED"], status.Shards.Select(shard => shard.Words));
        Assert.Equal(WorkCondition.Failed, status.Merge.Condition);
        Assert.Equal(TimeSpan.Zero, status.Left);
    }

    [Fact]
    public void What_says_that_it_runs_and_is_not_in_the_queue_is_lost()
    {
        StudyStatus status = Of([
            Report(0, ShardReportState.Running, hours: 1, fraction: 0.4),
            Report(1, ShardReportState.Stopped, hours: 1),
            Report(2, ShardReportState.Done, hours: 1),
        ]);
        Assert.Equal([WorkCondition.Lost, WorkCondition.Lost, WorkCondition.Done], Conditions(status));
        Assert.Contains("runs on n9, at 40 %", status.Shards[0].Words, StringComparison.Ordinal);
        Assert.Equal(WorkCondition.Lost, status.Merge.Condition);
    }

    [Fact]
    public void A_task_that_completed_without_a_file_is_lost()
    {
        StudyStatus status = Of([], Task(0, TaskState.Completed), Task(1, TaskState.Completed), Task(2, TaskState.Completed));
        Assert.Equal(3, status.Count(WorkCondition.Lost));
    }

    [Fact]
    public void Without_a_queue_the_files_alone_speak_and_a_shard_whose_folder_no_process_has_is_lost()
    {
        StudyStatus status = StudyStatus.Of(
            Submission,
            [
                Report(0, ShardReportState.Running, hours: 1) with
                {
                    Age = TimeSpan.FromMinutes(25),
                    IsHeld = true,
                },
                Report(1, ShardReportState.Running, hours: 1) with
                {
                    Age = TimeSpan.FromMinutes(1),
                    IsHeld = false,
                },
                Report(2, ShardReportState.Running, hours: 1) with
                {
                    Age = TimeSpan.FromMinutes(-60),
                },
            ],
            new QueueState([], IsKnown: false, ["squeue is not on this machine."]),
            isMerged: false
        );
        Assert.Equal([WorkCondition.Running, WorkCondition.Lost, WorkCondition.Running], Conditions(status));
        Assert.Equal("no sign of it for 25 min, if clocks agree", status.Shards[0].Words);
        Assert.Contains("no process has its folder", status.Shards[1].Words, StringComparison.Ordinal);
        Assert.Equal("", status.Shards[2].Words);
        Assert.Equal(["squeue is not on this machine."], status.Notes);
    }

    [Fact]
    public void Of_two_submissions_the_task_that_still_runs_counts_and_then_the_later_one()
    {
        StudyStatus status = StudyStatus.Of(
            Submission with
            {
                ShardJobs = ["7", "11"],
                MergeJob = "12",
            },
            [Report(0, ShardReportState.Failed, hours: 1)],
            new QueueState(
                [
                    new QueuedTask("11", 0, TaskState.Waiting, "PENDING"),
                    Task(0, TaskState.Failed, "FAILED"),
                    new QueuedTask("11", 1, TaskState.Failed, "CANCELLED"),
                    Task(1, TaskState.Running),
                    new QueuedTask("11", 2, TaskState.Failed, "NODE_FAIL"),
                    Task(2, TaskState.Failed, "FAILED"),
                    new QueuedTask("99", 0, TaskState.Running, "RUNNING"),
                ],
                IsKnown: true,
                []
            ),
            isMerged: false
        );
        Assert.Equal([WorkCondition.Waiting, WorkCondition.Running, WorkCondition.Failed], Conditions(status));
        Assert.Equal("NODE_FAIL", status.Shards[2].Words);
    }

    [Fact]
    public void Clocks_of_hosts_are_not_compared()
    {
        ShardReport ahead = Report(0, ShardReportState.Running, hours: 1, fraction: 0.5);
        ShardReport hour = ahead with { Started = ahead.Started + TimeSpan.FromHours(1), Updated = ahead.Updated + TimeSpan.FromHours(1) };
        QueuedTask[] queue = [Task(0, TaskState.Running), Task(1, TaskState.Waiting), Task(2, TaskState.Waiting)];
        StudyStatus one = Of([ahead], queue);
        StudyStatus other = Of([hour], queue);
        Assert.Equal(one.Shards, other.Shards);
        Assert.Equal(one.Left, other.Left);
        Assert.Equal(TimeSpan.Zero, Of([ahead with { Updated = Noon - TimeSpan.FromHours(5) }], queue).Shards[0].Elapsed);
    }

    [Fact]
    public void After_the_merge()
    {
        StudyStatus status = StudyStatus.Of(
            Submission,
            [.. Enumerable.Range(0, 3).Select(shard => Report(shard, ShardReportState.Done, hours: 1))],
            QueueState.Unknown,
            isMerged: true
        );
        Assert.Equal(3, status.Count(WorkCondition.Done));
        Assert.Equal(WorkCondition.Done, status.Merge.Condition);
        Assert.Equal(TimeSpan.Zero, status.Left);
        Assert.Equal(TimeSpan.Zero, status.Work);
    }

    private static StudyStatus Of(IReadOnlyList<ShardReport> reports, params IReadOnlyList<QueuedTask> tasks) =>
        StudyStatus.Of(Submission, reports, new QueueState(tasks, IsKnown: true, []), isMerged: false);

    private static QueuedTask Task(int shard, TaskState state, string words = "words") => new("7", shard, state, words);

    private static ShardReport Report(int shard, ShardReportState state, double hours, double fraction = 0) =>
        new()
        {
            Index = shard,
            Attempt = 1,
            Host = "n9",
            State = state,
            Started = Noon,
            Updated = Noon + TimeSpan.FromHours(hours),
            Fraction = fraction,
        };

    private static IEnumerable<WorkCondition> Conditions(StudyStatus status) => status.Shards.Select(shard => shard.Condition);
}
