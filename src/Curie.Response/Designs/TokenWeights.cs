namespace Curie.Response.Designs;

/// <summary>From a direction over tokens to weights.</summary>
internal static class TokenWeights
{
    /// <summary>
    /// ρ_i = 1 + κ·s_i, negative ones cut at 0 unless they are kept, divided by their mean: they say how often each token counts where each
    /// counted once.
    /// </summary>
    /// <param name="scores">s, one per token, of mean 0.</param>
    /// <param name="scale">κ.</param>
    /// <param name="keepsNegative">Whether negative weights stay.</param>
    /// <returns>The weights, of mean 1.</returns>
    public static double[] Of(double[] scores, double scale, bool keepsNegative)
    {
        double[] weights = new double[scores.Length];
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double weight = 1 + (scale * scores[i]);
            weights[i] = keepsNegative ? weight : Math.Max(0, weight);
            sum += weights[i];
        }

        double mean = sum / weights.Length;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] /= mean;
        }

        return weights;
    }

    /// <summary>nβ·Σ_i x_i·dq_i of dq_i = (ρ_i − 1)/n, x a part of the response.</summary>
    public static double Change(double nbeta, ReadOnlySpan<double> response, double[] weights)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += response[i] * (weights[i] - 1);
        }

        return nbeta * sum / weights.Length;
    }
}
