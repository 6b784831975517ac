namespace Curie.Page.Data;

/// <summary>A checkpoint.</summary>
/// <param name="Step">The updates made; null where that is not known.</param>
/// <param name="Run">The run folder’s name.</param>
internal sealed record CheckpointData(long? Step, string Run);
