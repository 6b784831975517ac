namespace Curie.Page.Data;

/// <summary>The response at earlier checkpoints (docs/formats.md, `replay`).</summary>
/// <param name="Checkpoints">The checkpoints, the last of which is the one of the response.</param>
/// <param name="Parts">The parts that are kept of them.</param>
/// <param name="Notes">What a reader should know, in sentences.</param>
internal sealed record ReplayData(IReadOnlyList<CheckpointData> Checkpoints, IReadOnlyList<string> Parts, IReadOnlyList<string> Notes);
