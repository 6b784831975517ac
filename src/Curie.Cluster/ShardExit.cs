namespace Curie.Cluster;

/// <summary>What the process of a shard returns.</summary>
public static class ShardExit
{
    /// <summary>The shard's file is written.</summary>
    public const int Done = 0;

    /// <summary>It was told to stop and has saved its state; started again, it continues (EX_TEMPFAIL of sysexits.h).</summary>
    public const int AsksToContinue = 75;
}
