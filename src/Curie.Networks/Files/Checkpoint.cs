namespace Curie.Networks.Files;

/// <summary>One state of a model in training.</summary>
/// <param name="Name">The folder's own name, such as <c>checkpoint-500</c>.</param>
/// <param name="Step">The number of updates made: the digits at the end of the name, 0 where it has none.</param>
/// <param name="Folder">The model folder.</param>
public sealed record Checkpoint(string Name, long Step, string Folder);
