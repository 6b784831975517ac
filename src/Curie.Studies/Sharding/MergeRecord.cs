namespace Curie.Studies.Sharding;

/// <summary>What is said of a merge once it is done.</summary>
/// <param name="Shards">The shards that were merged.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Host">Where it ran.</param>
public sealed record MergeRecord(int Shards, double Seconds, string Host);
