using Curie.Development.Stages;

namespace Curie.Studies.Development.Records;

/// <summary>The posterior of a curve on a grid.</summary>
/// <param name="Step">The grid in updates.</param>
/// <param name="LogStep">The same as log(step + 1).</param>
/// <param name="Value">The posterior mean of λ̂.</param>
/// <param name="ValueSd">Its standard deviation.</param>
/// <param name="Slope">The posterior mean of the slope, per log step.</param>
/// <param name="SlopeSd">Its standard deviation.</param>
/// <param name="Loss">The posterior mean of the loss, nats; null where none is known.</param>
/// <param name="LossSd">Its standard deviation.</param>
public sealed record SmoothCurve(
    IReadOnlyList<double> Step,
    IReadOnlyList<double> LogStep,
    IReadOnlyList<double> Value,
    IReadOnlyList<double> ValueSd,
    IReadOnlyList<double> Slope,
    IReadOnlyList<double> SlopeSd,
    IReadOnlyList<double>? Loss,
    IReadOnlyList<double>? LossSd
)
{
    internal static SmoothCurve Of(CurveStages curve)
    {
        StageAnalysis stages = curve.Stages;
        double[] grid = stages.Values.Points;
        CurvePosterior? loss = curve.Loss?.Values(grid);
        return new SmoothCurve(
            [.. grid.Select(DevelopmentCurve.Step)],
            grid,
            stages.Values.Mean,
            stages.Values.StandardDeviations,
            stages.Slopes.Mean,
            stages.Slopes.StandardDeviations,
            loss?.Mean,
            loss?.StandardDeviations
        );
    }
}
