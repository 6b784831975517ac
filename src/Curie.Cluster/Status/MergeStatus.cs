namespace Curie.Cluster.Status;

/// <summary>How the merge stands.</summary>
/// <param name="Condition">How it stands.</param>
/// <param name="Words">What there is to say of it, for the user.</param>
public sealed record MergeStatus(WorkCondition Condition, string Words)
{
    /// <summary>From whether the results are there, and from the merge's task in the queue.</summary>
    internal static MergeStatus Of(bool isMerged, string? job, QueueState queue)
    {
        QueuedTask? task = job is null ? null : queue.Tasks.LastOrDefault(task => task.Job == job && task.Shard is null);
        return isMerged ? new(WorkCondition.Done, "")
            : job is null ? new(WorkCondition.Waiting, "by hand")
            : task is null && queue.IsKnown ? new(WorkCondition.Lost, "not in the queue")
            : task is null ? new(WorkCondition.Waiting, "")
            : task.State switch
            {
                TaskState.Waiting => new(WorkCondition.Waiting, task.Words),
                TaskState.Running or TaskState.Ending => new(WorkCondition.Running, ""),
                TaskState.Completed => new(WorkCondition.Lost, "the queue says that it is done, and there is no result; see its log"),
                _ => new(WorkCondition.Failed, task.Words),
            };
    }
}
