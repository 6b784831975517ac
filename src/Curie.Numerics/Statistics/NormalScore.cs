using MathNet.Numerics.Distributions;

namespace Curie.Numerics.Statistics;

/// <summary>Deviations in standard errors that are known from a few batches only, as normal numbers.</summary>
public static class NormalScore
{
    /// <summary>
    /// The normal number that chance exceeds as often as Student's t with ν degrees of freedom exceeds the quotient, Φ⁻¹(T_ν(q)), so that
    /// few batches do not fail more
    /// often than many.
    /// </summary>
    /// <param name="quotient">q, a deviation over its standard error.</param>
    /// <param name="degreesOfFreedom">ν, those of the standard error; infinite where it is as good as known.</param>
    /// <returns>z with the sign of q; q itself where ν is infinite or q is not finite.</returns>
    public static double Of(double quotient, double degreesOfFreedom) =>
        double.IsInfinity(degreesOfFreedom) || !double.IsFinite(quotient)
            ? quotient
            : Math.CopySign(Normal.InvCDF(0, 1, StudentT.CDF(0, 1, degreesOfFreedom, -Math.Abs(quotient))), quotient);
}
