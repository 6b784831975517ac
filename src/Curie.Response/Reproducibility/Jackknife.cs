namespace Curie.Response.Reproducibility;

/// <summary>The error of a number from its values without one observation at a time (Tukey 1958).</summary>
internal static class Jackknife
{
    /// <summary>(n − 1)/n·Σ_i (x_i − x̄)²; on average never too small (Efron and Stein 1981).</summary>
    /// <param name="left">x_i: the number without observation i.</param>
    public static double Variance(double[] left)
    {
        double mean = left.Average();
        return left.Sum(one => (one - mean) * (one - mean)) * (left.Length - 1) / left.Length;
    }
}
