namespace Curie.Response.Coverage;

/// <summary>How often the nominal 95 % intervals of one quantity held its true value.</summary>
/// <param name="Quantity">What was estimated.</param>
/// <param name="Coverage">The share of intervals that held the truth, over replicates, and over components and tokens where there are several.</param>
/// <param name="CoverageError">Its standard error over replicates.</param>
/// <param name="ErrorRatio">√(mean squared standard error / mean squared difference from the truth): 1 where errors are as large as they say.</param>
public sealed record CoverageRow(string Quantity, double Coverage, double CoverageError, double ErrorRatio);

/// <summary>The coverage of every quantity in one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Replicates">The independent experiments.</param>
/// <param name="Rows">The quantities.</param>
public sealed record CoverageResult(CoverageCase Case, int Replicates, IReadOnlyList<CoverageRow> Rows);
