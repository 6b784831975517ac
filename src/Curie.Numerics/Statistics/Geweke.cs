namespace Curie.Numerics.Statistics;

/// <summary>
/// Geweke's (1992) test of convergence: the mean of the first tenth of the draws against the mean of the last half, in standard errors.
/// Draws that come from one law give about a standard normal number.
/// </summary>
public static class Geweke
{
    /// <summary>The share of the draws in the first stretch; at least one draw.</summary>
    public const double First = 0.1;

    /// <summary>The share of the draws in the last stretch.</summary>
    public const double Last = 0.5;

    /// <summary>
    /// z = (Ā − B̄)/√(V_A + V_B), over all chains together. The variance of a mean of m draws of C chains is s²τ/(C·m), the spectral
    /// density at
    /// zero; s² and the integrated autocorrelation time τ are taken from the last stretch for both, since under the hypothesis they are the
    /// same and the
    /// first one is too short to tell. Where m &lt; τ the draws of a chain count as one.
    /// </summary>
    /// <param name="chains">Chains × draws, all of one length, at least 8.</param>
    /// <returns>z, positive if the first draws are larger; NaN if the last draws are all equal.</returns>
    /// <exception cref="ArgumentException">Chains are too short or differ in length.</exception>
    public static double Z(double[][] chains)
    {
        int draws = ChainSet.Check(chains, 8);
        int first = Math.Max(1, (int)(First * draws));
        int last = (int)(Last * draws);
        double[][] tail = Array.ConvertAll(chains, chain => chain[^last..]);
        double tau = Autocorrelation.IntegratedTime(tail);
        double variance = new ChainVariance(tail).Total / chains.Length;
        double Error(int length) => variance * Math.Min(1, tau / length);
        double difference = chains.Average(chain => chain.Take(first).Average()) - tail.Average(chain => chain.Average());
        return difference / Math.Sqrt(Error(first) + Error(last));
    }
}
