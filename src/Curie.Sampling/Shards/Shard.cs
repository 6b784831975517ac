namespace Curie.Sampling.Shards;

/// <summary>What one process does of a study: parts of one or several runs.</summary>
/// <param name="Runs">The parts, by the number of their run, in ascending order.</param>
/// <param name="Cost">What they cost.</param>
public sealed record Shard(IReadOnlyDictionary<int, IReadOnlyList<ShardPart>> Runs, double Cost);
