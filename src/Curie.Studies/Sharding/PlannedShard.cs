namespace Curie.Studies.Sharding;

/// <summary>A shard.</summary>
/// <param name="Work">What it does, unit by unit.</param>
/// <param name="Operations">Its floating-point operations; 0 where they are not known.</param>
/// <param name="Bytes">The memory that it takes at most.</param>
public sealed record PlannedShard(IReadOnlyList<PlannedWork> Work, double Operations, long Bytes);
