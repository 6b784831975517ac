namespace Curie.Cluster.Status;

/// <summary>What is known of the queue.</summary>
/// <param name="Tasks">The tasks that it knows, those that have ended among them while it remembers them.</param>
/// <param name="IsKnown">Whether the queue could be asked: only then does the lack of a task say anything.</param>
/// <param name="Notes">What could not be asked and why, in sentences.</param>
public sealed record QueueState(IReadOnlyList<QueuedTask> Tasks, bool IsKnown, IReadOnlyList<string> Notes)
{
    /// <summary>There is no queue to ask.</summary>
    public static QueueState Unknown { get; } = new([], IsKnown: false, []);
}
