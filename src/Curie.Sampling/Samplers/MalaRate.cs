using MathNet.Numerics.Integration;

namespace Curie.Sampling.Samplers;

/// <summary>The acceptance rate that stationary SGLD has on a quadratic.</summary>
public static class MalaRate
{
    /// <summary>
    /// ½ + (1/π)∫₀^∞ (1 + b²t²)^{−d/2}/(1 + t²) dt, b = x²/(4√(x − x²/4)), for d modes of the same x = εa: log r is a sum of products of
    /// normal numbers,
    /// symmetric around 0. With more dimensions or larger steps it falls towards ½ and no further: every such step undoes one as likely.
    /// </summary>
    /// <param name="stepCurvature">x = εa, above 0 and below 4.</param>
    /// <param name="dimension">d.</param>
    public static double OfQuadratic(double stepCurvature, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepCurvature);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(stepCurvature, 4);
        double b = stepCurvature * stepCurvature / (4 * Math.Sqrt(stepCurvature - (stepCurvature * stepCurvature / 4)));

        // t = tan θ.
        double Integrand(double angle) => Math.Exp(-dimension / 2.0 * Math.Log(1 + Math.Pow(b * Math.Tan(angle), 2)));
        return 0.5 + (GaussLegendreRule.Integrate(Integrand, 0, Math.PI / 2, 256) / Math.PI);
    }
}
