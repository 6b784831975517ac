namespace Curie.Numerics.Statistics;

/// <summary>
/// R̂ = √(var⁺/W) over split chains: near 1 when chains have mixed (Gelman and Rubin 1992; Vehtari et al. 2021, who trust values below
/// 1.01). One chain can be judged too: its halves are compared.
/// </summary>
public static class SplitRHat
{
    /// <summary>The larger of the rank-normalised R̂ of the draws (location) and of their distances from the median (spread).</summary>
    /// <param name="chains">Chains × draws, all of one length, at least 4.</param>
    /// <returns>R̂; NaN if all draws are equal, +∞ if chains are constant at different values.</returns>
    /// <exception cref="ArgumentException">Chains are too short or differ in length.</exception>
    public static double RankNormalized(double[][] chains)
    {
        ChainSet.Check(chains, 4);
        double[][] halves = ChainSet.Split(chains);
        double location = OfSplit(ChainSet.NormalizeRanks(halves));
        double spread = OfSplit(ChainSet.NormalizeRanks(ChainSet.Fold(halves)));

        // Draws of two values can all be equally far from the median; then there is no spread to judge.
        return double.IsNaN(spread) ? location : Math.Max(location, spread);
    }

    /// <summary>R̂ of the draws as they are.</summary>
    /// <param name="chains">Chains × draws, all of one length, at least 4.</param>
    /// <returns>R̂; NaN if all draws are equal, +∞ if chains are constant at different values.</returns>
    /// <exception cref="ArgumentException">Chains are too short or differ in length.</exception>
    public static double Plain(double[][] chains)
    {
        ChainSet.Check(chains, 4);
        return OfSplit(ChainSet.Split(chains));
    }

    private static double OfSplit(double[][] halves)
    {
        var variance = new ChainVariance(halves);
        return Math.Sqrt(variance.Total / variance.Within);
    }
}
