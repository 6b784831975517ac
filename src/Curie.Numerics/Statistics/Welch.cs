using MathNet.Numerics.Distributions;

namespace Curie.Numerics.Statistics;

/// <summary>The difference of two estimates with errors of different sizes (Welch 1947).</summary>
public static class Welch
{
    /// <summary>
    /// The difference with its standard error √(a² + b²) and the degrees of freedom of Welch and Satterthwaite, rounded down and at least
    /// 1.
    /// </summary>
    public static MeanEstimate Difference(MeanEstimate left, MeanEstimate right)
    {
        double a = left.StandardError * left.StandardError;
        double b = right.StandardError * right.StandardError;
        double degrees = (a + b) * (a + b) / ((a * a / Math.Max(1, left.DegreesOfFreedom)) + (b * b / Math.Max(1, right.DegreesOfFreedom)));
        return new MeanEstimate(
            left.Mean - right.Mean,
            Math.Sqrt(a + b),
            double.IsFinite(degrees) ? (int)Math.Clamp(Math.Floor(degrees), 1, int.MaxValue) : 1
        );
    }

    /// <summary>The two-sided p of an estimate against 0, by Student's t; NaN without an error.</summary>
    public static double PValue(MeanEstimate estimate) =>
        estimate.StandardError > 0
            ? 2 * StudentT.CDF(0, 1, Math.Max(1, estimate.DegreesOfFreedom), -Math.Abs(estimate.Mean) / estimate.StandardError)
            : double.NaN;
}
