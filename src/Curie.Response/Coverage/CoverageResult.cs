namespace Curie.Response.Coverage;

/// <summary>How often the nominal 95 % intervals of one quantity held its true value.</summary>
/// <param name="Quantity">What was estimated.</param>
/// <param name="Coverage">The share of intervals that held the truth, over replicates, and over components and tokens where there are
/// several.</param>
/// <param name="CoverageError">Its standard error over replicates.</param>
/// <param name="ErrorRatio">√(mean squared standard error / mean squared difference from the truth): 1 where errors are as large as they
/// say.</param>
public sealed record CoverageRow(string Quantity, double Coverage, double CoverageError, double ErrorRatio)
{
    /// <summary>The least coverage that is called 95 %.</summary>
    public const double Least = 0.93;

    /// <summary>The largest coverage that is called 95 %.</summary>
    public const double Most = 0.97;

    private const double AllowedErrors = 2;

    /// <summary>Whether fewer intervals than 93 % hold the truth, by more than two standard errors of the study.</summary>
    public bool IsShort => Coverage + (AllowedErrors * CoverageError) < Least;

    /// <summary>Whether more than 97 % do: such intervals are wider than they need be.</summary>
    public bool IsWide => Coverage - (AllowedErrors * CoverageError) > Most;
}

/// <summary>The coverage of every quantity in one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Replicates">The independent experiments.</param>
/// <param name="Rows">The quantities.</param>
public sealed record CoverageResult(CoverageCase Case, int Replicates, IReadOnlyList<CoverageRow> Rows)
{
    /// <summary>Whether intervals are short in a case that is not here to show that.</summary>
    public bool FallsShort => !Case.ShowsLimits && Rows.Any(row => row.IsShort);
}
