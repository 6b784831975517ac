using Curie.Numerics.Random;

namespace Curie.Numerics.Tests.Statistics;

/// <summary>
/// Stationary chains x_t = φ·x_{t−1} + √(1 − φ²)·η_t: mean 0, variance 1, ρ_t = φᵗ, integrated time τ = (1 + φ)/(1 − φ).
/// </summary>
internal static class AutoregressiveChains
{
    public static double IntegratedTime(double phi) => (1 + phi) / (1 - phi);

    public static double[][] Make(double phi, int chains, int draws, int seed) =>
        [
            .. Enumerable
                .Range(0, chains)
                .Select(chain => Make(phi, draws, PhiloxKey.Derive(seed, RandomPurpose.Scores, "autoregressive", chain))),
        ];

    private static double[] Make(double phi, int draws, PhiloxKey key)
    {
        var stream = new PhiloxStream(key);
        var series = new double[draws];
        double x = stream.NextGaussian();
        for (int t = 0; t < draws; t++)
        {
            series[t] = x;
            x = (phi * x) + (Math.Sqrt(1 - (phi * phi)) * stream.NextGaussian());
        }

        return series;
    }
}
