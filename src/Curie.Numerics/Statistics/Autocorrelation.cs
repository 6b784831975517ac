namespace Curie.Numerics.Statistics;

/// <summary>Autocorrelation of chains and its sum, the integrated time τ = 1 + 2·Σρ_t: n draws are worth n/τ independent ones.</summary>
public static class Autocorrelation
{
    /// <summary>
    /// The autocovariance at one lag, Σ_i (x_i − x̄)(x_{i+lag} − x̄)/n. Dividing by n, not n − lag, keeps the sequence positive definite.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The lag is negative or not below the length.</exception>
    public static double Covariance(ReadOnlySpan<double> series, int lag)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lag);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lag, series.Length);
        double mean = 0;
        foreach (double value in series)
        {
            mean += value / series.Length;
        }

        double sum = 0;
        for (int i = 0; i + lag < series.Length; i++)
        {
            sum += (series[i] - mean) * (series[i + lag] - mean);
        }

        return sum / series.Length;
    }

    /// <summary>
    /// τ of chains that share one distribution, with ρ_t = 1 − (W − mean autocovariance at t)/var⁺, so that chains that disagree lengthen
    /// it (Vehtari et al. 2021, equation 10). The sum ends by Geyer's (1992) rule for reversible chains: pairs ρ_2k + ρ_2k+1 are summed
    /// while they are positive, each taken no larger than the one before. At least 1/log₁₀ of the number of draws.
    /// </summary>
    /// <param name="chains">Chains × draws, all of one length, at least 4.</param>
    /// <returns>τ in draws; NaN if all draws are equal.</returns>
    /// <exception cref="ArgumentException">Chains are too short or differ in length.</exception>
    public static double IntegratedTime(double[][] chains)
    {
        int draws = ChainSet.Check(chains, 4);
        var variance = new ChainVariance(chains);
        if (variance.Total == 0)
        {
            return double.NaN;
        }

        double tau = -1;
        double previous = double.PositiveInfinity;
        int lag = 0;
        for (; lag + 1 < draws; lag += 2)
        {
            double even = lag == 0 ? 1 : At(chains, variance, lag);
            double pair = even + At(chains, variance, lag + 1);

            // A pair that is not positive ends the sum; the even half of it still carries information where chains alternate.
            if (!(pair > 0))
            {
                tau += Math.Max(even, 0);
                break;
            }

            previous = Math.Min(pair, previous);
            tau += 2 * previous;
        }

        return Math.Max(tau, 1 / Math.Log10((double)chains.Length * draws));
    }

    /// <summary>The same for one chain.</summary>
    public static double IntegratedTime(ReadOnlySpan<double> series) => IntegratedTime([series.ToArray()]);

    private static double At(double[][] chains, ChainVariance variance, int lag) =>
        1 - ((variance.Within - chains.Average(chain => Covariance(chain, lag))) / variance.Total);
}
