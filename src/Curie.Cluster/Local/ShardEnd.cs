namespace Curie.Cluster.Local;

/// <summary>How the process of a shard has ended.</summary>
/// <param name="Shard">The shard's index.</param>
/// <param name="ExitCode">The exit code; as a shell gives it where a signal ended the process.</param>
public sealed record ShardEnd(int Shard, int ExitCode);
