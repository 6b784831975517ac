using MathNet.Numerics.Distributions;

namespace Curie.Numerics.Statistics;

/// <summary>An estimated mean with its standard error.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">The standard error of the mean.</param>
/// <param name="DegreesOfFreedom">Those of the standard error: intervals are Student's, not normal.</param>
public readonly record struct MeanEstimate(double Mean, double StandardError, int DegreesOfFreedom)
{
    /// <summary>The mean of independent numbers, with √(sample variance/n); the error of a single number is NaN.</summary>
    /// <exception cref="ArgumentException">There is no number.</exception>
    public static MeanEstimate OfIndependent(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("There is no number to average.", nameof(values));
        }

        RunningMoments moments = default;
        foreach (double value in values)
        {
            moments.Add(value);
        }

        return new MeanEstimate(moments.Mean, moments.StandardError, values.Length - 1);
    }

    /// <summary>
    /// Half the width of the interval around the mean that covers the truth with probability <paramref name="coverage"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The coverage is not between 0 and 1.</exception>
    public double HalfWidth(double coverage = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(coverage, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(coverage, 1);
        return StandardError * StudentT.InvCDF(0, 1, DegreesOfFreedom, (1 + coverage) / 2);
    }
}
