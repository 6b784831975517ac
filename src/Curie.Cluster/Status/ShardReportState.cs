namespace Curie.Cluster.Status;

/// <summary>What an attempt at a shard last said of itself.</summary>
public enum ShardReportState
{
    /// <summary>It is running; or it was, and could say no more.</summary>
    Running,

    /// <summary>The shard's file is written.</summary>
    Done,

    /// <summary>It was told to stop, and has saved its state.</summary>
    Stopped,

    /// <summary>It has ended with an error.</summary>
    Failed,
}
