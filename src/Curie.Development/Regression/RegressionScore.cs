namespace Curie.Development.Regression;

/// <summary>One figure of one checkpoint.</summary>
/// <param name="Name">The column of the table.</param>
/// <param name="Value">The figure; NaN where it has no meaning.</param>
public readonly record struct RegressionScore(string Name, double Value);
