namespace Curie.Sampling.Diagnostics;

/// <summary>Why a figure should not be trusted, and what to change.</summary>
/// <param name="Kind">Which rule spoke.</param>
/// <param name="Sentence">The finding and the remedy, in one sentence.</param>
public sealed record Verdict(VerdictKind Kind, string Sentence);
