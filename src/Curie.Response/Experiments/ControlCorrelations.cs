using Curie.Response.Accumulation;
using Curie.Response.Modes;
using Curie.Sampling.Calibration;

namespace Curie.Response.Experiments;

/// <summary>
/// A component's covariance over tokens beside that under the localisation's Gaussian, from the batch means of both. A value x_i = Σ_b
/// m_b·C_bi/N of batches of m_b draws (N in all, B batches), every batch centred over the n tokens, has the variance V = Σ_i x_i²/(n − 1),
/// of which E = Σ_i Σ_b m_b·(C_bi − x_i)²/((B − 1)·N)/(n − 1) is sampling error: its reliability is ρ = (V − E)/V. The errors of the two
/// are independent, so that r/√(ρ·ρ′) is the correlation without them.
/// </summary>
internal static class ControlCorrelations
{
    /// <summary>Compares.</summary>
    /// <param name="run">The sums of the chains.</param>
    /// <param name="gaussian">Those of the Gaussian's draws.</param>
    /// <param name="plan">The draws of a unit of the chains, in batches.</param>
    /// <param name="gaussianDraws">The draws of a unit of the Gaussian, which are one batch.</param>
    /// <returns>Null where either has fewer than two batches, or does not vary over tokens.</returns>
    public static ControlCorrelation? Of(ComponentMoments run, ComponentMoments gaussian, IReadOnlyList<int> plan, int gaussianDraws)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(gaussian);
        return Of(
            [.. run.Batches.SelectMany(unit => plan.Select((draws, batch) => (draws, CentredValues.Of(unit.Tokens.Covariances(batch)))))],
            [.. gaussian.Batches.Select(unit => (gaussianDraws, CentredValues.Of(unit.Tokens.Covariances(0))))]
        );
    }

    /// <summary>Compares batch means that are centred over tokens.</summary>
    internal static ControlCorrelation? Of((int Draws, double[] Means)[] run, (int Draws, double[] Means)[] gaussian)
    {
        if (run.Length < 2 || gaussian.Length < 2)
        {
            return null;
        }

        Values own = Values.Of(run, without: -1);
        Values other = Values.Of(gaussian, without: -1);
        double correlation = own.Times(other) / Math.Sqrt(own.Variance * other.Variance);
        if (!double.IsFinite(correlation))
        {
            return null;
        }

        double? ceiling = own.Reliability > 0 && other.Reliability > 0 ? Math.Sqrt(own.Reliability * other.Reliability) : null;
        return new ControlCorrelation(
            correlation,
            ceiling,
            correlation / ceiling,
            ceiling is null ? null
                : Error(run, rest => OfCeiling(rest, other)) is { } first && Error(gaussian, rest => OfCeiling(own, rest)) is { } second
                    ? double.Hypot(first, second)
                : null
        );
    }

    private static double OfCeiling(Values own, Values other) =>
        own.Times(other)
        / Math.Sqrt(own.Variance * other.Variance)
        / Math.Sqrt(Math.Max(0, own.Reliability) * Math.Max(0, other.Reliability));

    /// <summary>The delete-one jackknife's standard error; null where a figure without one of the batches does not exist.</summary>
    private static double? Error((int Draws, double[] Means)[] batches, Func<Values, double> figure)
    {
        if (batches.Length < 3)
        {
            return null;
        }

        double[] without = [.. Enumerable.Range(0, batches.Length).Select(batch => figure(Values.Of(batches, batch)))];
        if (!Array.TrueForAll(without, double.IsFinite))
        {
            return null;
        }

        double mean = without.Average();
        return Math.Sqrt((batches.Length - 1.0) / batches.Length * without.Sum(value => (value - mean) * (value - mean)));
    }

    /// <summary>Values over tokens from a choice of batches.</summary>
    /// <param name="Mean">x.</param>
    /// <param name="Variance">V.</param>
    /// <param name="Reliability">ρ.</param>
    private sealed record Values(double[] Mean, double Variance, double Reliability)
    {
        public static Values Of((int Draws, double[] Means)[] batches, int without)
        {
            int tokens = batches[0].Means.Length;
            double[] mean = new double[tokens];
            double draws = 0;
            for (int b = 0; b < batches.Length; b++)
            {
                draws += b == without ? 0 : batches[b].Draws;
            }

            int count = batches.Length - (without < 0 ? 0 : 1);
            double variance = 0;
            double error = 0;
            for (int i = 0; i < tokens; i++)
            {
                double sum = 0;
                double squares = 0;
                for (int b = 0; b < batches.Length; b++)
                {
                    if (b != without)
                    {
                        double value = batches[b].Means[i];
                        sum += batches[b].Draws * value;
                        squares += batches[b].Draws * value * value;
                    }
                }

                mean[i] = sum / draws;
                variance += mean[i] * mean[i];
                error += Math.Max(0, squares - (draws * mean[i] * mean[i])) / ((count - 1) * draws);
            }

            return new Values(mean, variance / (tokens - 1), 1 - (error / variance));
        }

        public double Times(Values other)
        {
            double sum = 0;
            for (int i = 0; i < Mean.Length; i++)
            {
                sum += Mean[i] * other.Mean[i];
            }

            return sum / (Mean.Length - 1);
        }
    }
}
