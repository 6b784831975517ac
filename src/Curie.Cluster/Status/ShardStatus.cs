namespace Curie.Cluster.Status;

/// <summary>How a shard stands.</summary>
/// <param name="Index">The shard.</param>
/// <param name="Condition">How it stands.</param>
/// <param name="Words">What there is to say of it, for the user.</param>
/// <param name="Attempts">How many attempts there have been.</param>
/// <param name="Fraction">How much of it is done and saved, from 0 to 1.</param>
/// <param name="Node">Where it runs or ran last; null if nowhere yet.</param>
/// <param name="Elapsed">How long all attempts together have run, each by the clock of its host.</param>
/// <param name="Left">How long the rest will take once it runs.</param>
public sealed record ShardStatus(
    int Index,
    WorkCondition Condition,
    string Words,
    int Attempts,
    double Fraction,
    string? Node,
    TimeSpan Elapsed,
    TimeSpan Left
);
