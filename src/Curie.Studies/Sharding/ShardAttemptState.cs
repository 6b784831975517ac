namespace Curie.Studies.Sharding;

/// <summary>What an attempt at a shard last said of itself.</summary>
public enum ShardAttemptState
{
    /// <summary>It is running; or it was, and could say no more.</summary>
    Running,

    /// <summary>The shard's files are written.</summary>
    Done,

    /// <summary>It was told to stop, and its state is saved.</summary>
    Stopped,

    /// <summary>It ended with an error.</summary>
    Failed,
}
