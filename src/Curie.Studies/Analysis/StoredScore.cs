namespace Curie.Studies.Analysis;

/// <summary>A head's score as a file keeps it.</summary>
/// <param name="Value">The score.</param>
/// <param name="StandardError">Its standard error.</param>
public sealed record StoredScore(double Value, double StandardError);
