using Curie.Development.Stages;

namespace Curie.Studies.Development.Records;

/// <summary>A boundary between stages.</summary>
/// <param name="Kind"><c>maximum</c>, <c>minimum</c> or <c>plateau</c>.</param>
/// <param name="Step">Where it is, in updates.</param>
/// <param name="LowStep">The lower end of its interval.</param>
/// <param name="HighStep">The upper end.</param>
/// <param name="Slope">The slope there, per log step.</param>
/// <param name="SlopeSe">Its standard deviation.</param>
/// <param name="Support">The share of posterior draws that have such a boundary there.</param>
/// <param name="Divides">Whether that is enough to divide stages.</param>
public sealed record BoundaryRecord(
    string Kind,
    double Step,
    double LowStep,
    double HighStep,
    double Slope,
    double SlopeSe,
    double Support,
    bool Divides
)
{
    internal static BoundaryRecord Of(StageBoundary boundary, StageOptions options) =>
        new(
            StagesTables.Kind(boundary.Kind),
            boundary.Step,
            boundary.LowStep,
            boundary.HighStep,
            boundary.Slope,
            boundary.SlopeStandardError,
            boundary.Support,
            boundary.Support >= options.LeastSupport
        );
}
