namespace Curie.Cluster.Status;

/// <summary>How a shard, or the merge, stands.</summary>
public enum WorkCondition
{
    /// <summary>Its result is there.</summary>
    Done,

    /// <summary>It is on a node.</summary>
    Running,

    /// <summary>It waits for a node: for the first time, or to continue.</summary>
    Waiting,

    /// <summary>It has ended with an error, and nobody will try again.</summary>
    Failed,

    /// <summary>It is not done, and nobody works on it, though nobody has said that it failed.</summary>
    Lost,
}
