namespace Curie.Cluster.Status;

/// <summary>
/// How a study in shards stands: what its shards have written, beside what the queue says. Times of different hosts are never compared,
/// since clocks differ.
/// </summary>
public sealed record StudyStatus
{
    /// <summary>The shards, in order of their index.</summary>
    public required IReadOnlyList<ShardStatus> Shards { get; init; }

    /// <summary>The merge.</summary>
    public required MergeStatus Merge { get; init; }

    /// <summary>
    /// How long the shards that run or wait will take, if as many go on running at a time as now; null while none runs, and where nothing
    /// is left 0. Failed and lost shards are not in it.
    /// </summary>
    public required TimeSpan? Left { get; init; }

    /// <summary>The time of a node that the shards that run or wait still need, all together.</summary>
    public required TimeSpan Work { get; init; }

    /// <summary>What could not be found out and why, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>How many shards stand in some way.</summary>
    public int Count(WorkCondition condition) => Shards.Count(shard => shard.Condition == condition);

    /// <summary>Brings what is known together.</summary>
    /// <param name="submission">What was submitted.</param>
    /// <param name="reports">What the attempts at the shards have written, in any order.</param>
    /// <param name="queue">What the queue says.</param>
    /// <param name="isMerged">Whether the merge's results are there.</param>
    public static StudyStatus Of(SubmissionRecord submission, IReadOnlyList<ShardReport> reports, QueueState queue, bool isMerged)
    {
        ArgumentNullException.ThrowIfNull(submission);
        ArgumentNullException.ThrowIfNull(reports);
        ArgumentNullException.ThrowIfNull(queue);
        ILookup<int, ShardReport> byShard = reports.OrderBy(report => report.Attempt).ToLookup(report => report.Index);
        ILookup<int?, QueuedTask> tasks = queue
            .Tasks.Where(task => task.Shard is not null && submission.ShardJobs.Contains(task.Job))
            .ToLookup(task => task.Shard);
        TimeSpan typical = Typical(byShard) ?? TimeSpan.FromHours(submission.Job.Hours);
        ShardStatus[] shards =
        [
            .. Enumerable
                .Range(0, submission.Job.Shards)
                .Select(index => Of(index, [.. byShard[index]], Current(tasks[index], submission.ShardJobs), queue.IsKnown, typical)),
        ];
        TimeSpan[] left = [.. shards.Where(IsAhead).Select(shard => shard.Left)];
        return new StudyStatus
        {
            Shards = shards,
            Merge = MergeStatus.Of(isMerged, submission.MergeJob, queue),
            Left = Schedule(left, shards.Count(shard => shard.Condition == WorkCondition.Running)),
            Work = left.Aggregate(TimeSpan.Zero, (sum, next) => sum + next),
            Notes = queue.Notes,
        };
    }

    private static ShardStatus Of(int index, ShardReport[] attempts, QueuedTask? task, bool isQueueKnown, TimeSpan typical)
    {
        ShardReport? last = attempts.LastOrDefault();
        (WorkCondition condition, string words) = ShardJudgement.Of(last, task, isQueueKnown);
        double fraction = condition == WorkCondition.Done ? 1 : Math.Clamp(last?.Fraction ?? 0, 0, 1);
        TimeSpan left =
            condition == WorkCondition.Done ? TimeSpan.Zero
            : condition == WorkCondition.Running && last is { State: ShardReportState.Running, SecondsLeft: { } seconds }
                ? TimeSpan.FromSeconds(Math.Max(0, seconds - Math.Max(0, (last.Age ?? TimeSpan.Zero).TotalSeconds)))
            : typical * (1 - fraction);
        return new ShardStatus(
            index,
            condition,
            words,
            last?.Attempt ?? 0,
            fraction,
            task?.Node ?? last?.Host,
            attempts.Aggregate(TimeSpan.Zero, (sum, attempt) => sum + Duration(attempt)),
            left
        );
    }

    /// <summary>Of the tasks of a shard in several submissions the one that is not over; of several that are, the latest.</summary>
    private static QueuedTask? Current(IEnumerable<QueuedTask> tasks, IReadOnlyList<string> jobs) =>
        tasks
            .OrderBy(task => task.State is TaskState.Waiting or TaskState.Running or TaskState.Ending)
            .ThenBy(task => jobs.TakeWhile(job => job != task.Job).Count())
            .LastOrDefault();

    /// <summary>How long a shard takes, by those that are done; null while none is.</summary>
    private static TimeSpan? Typical(ILookup<int, ShardReport> byShard)
    {
        double[] done =
        [
            .. byShard
                .Where(attempts => attempts.Last().State == ShardReportState.Done)
                .Select(attempts => attempts.Sum(attempt => Duration(attempt).TotalSeconds)),
        ];
        return done.Length > 0 ? TimeSpan.FromSeconds(done.Average()) : null;
    }

    /// <summary>Both times are by the same clock, which may have been set back meanwhile.</summary>
    private static TimeSpan Duration(ShardReport attempt) =>
        attempt.Updated > attempt.Started ? attempt.Updated - attempt.Started : TimeSpan.Zero;

    private static bool IsAhead(ShardStatus shard) => shard.Condition is WorkCondition.Running or WorkCondition.Waiting;

    /// <summary>The time until all are done when so many run at once, the longest first.</summary>
    private static TimeSpan? Schedule(TimeSpan[] work, int atOnce)
    {
        if (work.Length == 0)
        {
            return TimeSpan.Zero;
        }

        if (atOnce == 0)
        {
            return null;
        }

        PriorityQueue<TimeSpan, TimeSpan> nodes = new(Enumerable.Repeat((TimeSpan.Zero, TimeSpan.Zero), atOnce));
        TimeSpan end = TimeSpan.Zero;
        foreach (TimeSpan next in work.OrderDescending())
        {
            TimeSpan free = nodes.Dequeue() + next;
            nodes.Enqueue(free, free);
            end = free > end ? free : end;
        }

        return end;
    }
}
