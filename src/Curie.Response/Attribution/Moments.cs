namespace Curie.Response.Attribution;

/// <summary>Second moments of numbers over tokens, in float64.</summary>
public static class Moments
{
    /// <summary>Σ (x − mean x)(y − mean y)/n.</summary>
    public static double Covariance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double meanX = Mean(x),
            meanY = Mean(y),
            sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (x[i] - meanX) * (y[i] - meanY);
        }

        return sum / x.Length;
    }

    /// <summary>Pearson's correlation; NaN where one of the two is constant.</summary>
    public static double Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double product = Covariance(x, x) * Covariance(y, y);
        return product > 0 ? Covariance(x, y) / Math.Sqrt(product) : double.NaN;
    }

    /// <summary>The mean.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    /// <summary>Σ x·y.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}
