namespace Curie.Response.Agreement;

/// <summary>The slope of one run's covariance of a component on another's, over tokens.</summary>
/// <param name="Component">The component; of the pooled slope <c>all</c>.</param>
/// <param name="Slope">The slope, free of the regressor's noise; NaN where that leaves no signal.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="DegreesOfFreedom">Those of the error.</param>
/// <param name="Expected">Where the slope lies if both runs measure one posterior; null where nothing is expected.</param>
/// <param name="RegressorNoise">The share of the regressor's variance over tokens that is noise; NaN for the pooled slope.</param>
/// <param name="OtherNoise">The share of the other's.</param>
/// <param name="Reason">Why there is no slope, or null.</param>
public sealed record ComponentSlope(
    string Component,
    double Slope,
    double StandardError,
    double DegreesOfFreedom,
    ExpectedSlope? Expected,
    double RegressorNoise,
    double OtherNoise,
    string? Reason
)
{
    /// <summary>
    /// How many standard errors the slope lies outside the expected range, as a normal number; 0 inside, NaN where nothing is expected.
    /// </summary>
    public double Z => Expected?.Z(Slope, StandardError, DegreesOfFreedom) ?? double.NaN;
}
