using Curie.Numerics.Statistics;

namespace Curie.Sampling.Validation;

/// <summary>One number that is known exactly, and what a run measured of it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Exact">
/// The known value: of the chain itself where it has a closed form at a finite step (quadratics), else of the posterior or, where that is
/// not known, of learning theory.
/// </param>
/// <param name="Expected">What the run should measure: the exact value with the effect of the finite step, as far as that is known.</param>
/// <param name="Estimate">What the run measured.</param>
/// <param name="StandardError">The estimate's standard error, by batch means.</param>
/// <param name="ExpectedError">The standard error of the expected value, where it comes from an exact sampler; else 0.</param>
/// <param name="DegreesOfFreedom">Those of the standard error; infinite where it is as good as known.</param>
public sealed record ValidationQuantity(
    string Name,
    double Exact,
    double Expected,
    double Estimate,
    double StandardError,
    double ExpectedError = 0,
    double DegreesOfFreedom = double.PositiveInfinity
)
{
    /// <summary>
    /// How many standard errors an estimate may be off: chance alone does that once in about 7,500 times at 87 degrees of freedom, those of
    /// 4 chains of 8000 draws.
    /// </summary>
    public const double LargestZ = 4;

    /// <summary>
    /// (estimate − expected)/√(SE² + SE_expected²) as a normal number (<see cref="NormalScore"/>); 0 where both agree to the bit.
    /// </summary>
    public double Z
    {
        get
        {
            double difference = Estimate - Expected;
            return difference == 0
                ? 0
                : NormalScore.Of(
                    difference / Math.Sqrt((StandardError * StandardError) + (ExpectedError * ExpectedError)),
                    DegreesOfFreedom
                );
        }
    }

    /// <summary>A quantity from an estimate and its error.</summary>
    public static ValidationQuantity Of(string name, double exact, double expected, MeanEstimate estimate, double expectedError = 0) =>
        new(name, exact, expected, estimate.Mean, estimate.StandardError, expectedError, estimate.DegreesOfFreedom);

    /// <summary>|z| ≤ 4.</summary>
    public bool Passed => Math.Abs(Z) <= LargestZ;
}
