namespace Curie.Cluster.Local;

/// <summary>What has become of shards that ran as processes.</summary>
/// <param name="Done">The shards that are done.</param>
/// <param name="Failed">Those that have failed.</param>
/// <param name="Left">Those that were stopped, or not started any more; run again, they continue.</param>
public sealed record LocalOutcome(IReadOnlyList<int> Done, IReadOnlyList<ShardEnd> Failed, IReadOnlyList<int> Left);
