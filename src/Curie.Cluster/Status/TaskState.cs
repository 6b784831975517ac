namespace Curie.Cluster.Status;

/// <summary>What a scheduler says of a task.</summary>
public enum TaskState
{
    /// <summary>In the queue: for the first time, or again.</summary>
    Waiting,

    /// <summary>On a node.</summary>
    Running,

    /// <summary>On its way out of a node: it has ended, or is about to be put back into the queue.</summary>
    Ending,

    /// <summary>Ended with exit code 0.</summary>
    Completed,

    /// <summary>Ended otherwise, or taken out of the queue.</summary>
    Failed,
}
