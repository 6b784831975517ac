namespace Curie.Development.Stages;

/// <summary>A boundary between stages.</summary>
/// <param name="Kind">What the curve does there.</param>
/// <param name="LogStep">Where the posterior mean has it, log(step + 1).</param>
/// <param name="Low">The lower end of its interval over posterior draws, log(step + 1).</param>
/// <param name="High">The upper end.</param>
/// <param name="Slope">The posterior mean of the slope there, per log step; 0 at an extremum up to interpolation.</param>
/// <param name="SlopeStandardError">Its posterior standard deviation.</param>
/// <param name="Support">The share of posterior draws that have a boundary of this kind in its neighbourhood.</param>
public sealed record StageBoundary(
    BoundaryKind Kind,
    double LogStep,
    double Low,
    double High,
    double Slope,
    double SlopeStandardError,
    double Support
)
{
    /// <summary>Where it is, in updates.</summary>
    public double Step => DevelopmentCurve.Step(LogStep);

    /// <summary>The lower end of its interval, in updates.</summary>
    public double LowStep => DevelopmentCurve.Step(Low);

    /// <summary>The upper end, in updates.</summary>
    public double HighStep => DevelopmentCurve.Step(High);
}
