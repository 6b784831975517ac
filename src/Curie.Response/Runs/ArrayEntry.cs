namespace Curie.Response.Runs;

/// <summary>An entry of the manifest's array index.</summary>
/// <param name="Shape">The dimensions; empty for a scalar.</param>
/// <param name="Dtype">numpy's name of the element type.</param>
/// <param name="Axes">What each dimension counts: `components`, `tokens`, `probes`, `runs`, `chains`, `draws`, `batches`,
/// `sampled`.</param>
/// <param name="Meaning">What the numbers are, with their unit.</param>
public sealed record ArrayEntry(IReadOnlyList<long> Shape, string Dtype, IReadOnlyList<string> Axes, string Meaning);
