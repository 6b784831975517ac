namespace Curie.Numerics.Statistics;

/// <summary>
/// How many independent draws chains are worth: S/τ with S all draws and τ the integrated autocorrelation time over split chains
/// (Vehtari, Gelman, Simpson, Carpenter and Bürkner 2021, "Rank-normalization, folding, and localization: an improved R̂").
/// </summary>
public static class EffectiveSampleSize
{
    /// <summary>
    /// The bulk effective sample size: of rank-normalised draws, so that it exists for heavy tails and is invariant under monotone maps.
    /// </summary>
    /// <param name="chains">Chains × draws, all of one length, at least 8.</param>
    /// <returns>The size, above S for alternating chains; NaN if all draws are equal.</returns>
    /// <exception cref="ArgumentException">Chains are too short or differ in length.</exception>
    public static double Bulk(double[][] chains)
    {
        ChainSet.Check(chains, 8);
        return OfSplit(ChainSet.NormalizeRanks(ChainSet.Split(chains)));
    }

    /// <summary>The effective sample size for the mean: of the draws as they are.</summary>
    /// <param name="chains">Chains × draws, all of one length, at least 8.</param>
    /// <returns>The size; NaN if all draws are equal.</returns>
    /// <exception cref="ArgumentException">Chains are too short or differ in length.</exception>
    public static double OfMean(double[][] chains)
    {
        ChainSet.Check(chains, 8);
        return OfSplit(ChainSet.Split(chains));
    }

    private static double OfSplit(double[][] halves) => halves.Length * halves[0].Length / Autocorrelation.IntegratedTime(halves);
}
