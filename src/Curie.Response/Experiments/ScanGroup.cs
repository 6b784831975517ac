using Curie.Networks.Components;

namespace Curie.Response.Experiments;

/// <summary>Components that are scanned side by side.</summary>
/// <param name="Components">The components.</param>
/// <param name="Slots">How many weight vectors of each are evaluated together.</param>
/// <param name="FrozenMemory">The bytes that frozen activations may take.</param>
/// <param name="FrozenShare">The share of the frozen activations of all rows that this is, at most 1.</param>
/// <param name="Bytes">The bytes it needs beside these and what the scan holds throughout.</param>
internal sealed record ScanGroup(IReadOnlyList<Component> Components, int Slots, long FrozenMemory, double FrozenShare, long Bytes);
