using Curie.Numerics.Statistics;

namespace Curie.Response.Reproducibility;

/// <summary>A number with its error by resampling batches.</summary>
/// <param name="Value">The number, from all batches.</param>
/// <param name="StandardError">The standard deviation over bootstrap samples times √(K/(K − 1)), K the batches.</param>
/// <param name="Bias">The mean over bootstrap samples less the value, times K/(K − 1): by how much noise itself moves the number.</param>
/// <param name="DegreesOfFreedom">K − 1.</param>
public readonly record struct ResampledValue(double Value, double StandardError, double Bias, int DegreesOfFreedom)
{
    /// <summary>The 95 % interval around the value less its bias, with Student's t.</summary>
    public (double Low, double High) Interval()
    {
        double half = new MeanEstimate(0, StandardError, DegreesOfFreedom).HalfWidth();
        return (Value - Bias - half, Value - Bias + half);
    }

    /// <summary>Sums up bootstrap samples.</summary>
    internal static ResampledValue Of(double value, RunningMoments samples, int batches)
    {
        double widening = batches / (batches - 1.0);
        return new ResampledValue(value, samples.StandardDeviation * Math.Sqrt(widening), (samples.Mean - value) * widening, batches - 1);
    }
}
