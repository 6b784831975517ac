using Curie.Development.Stages;

namespace Curie.Studies.Development.Records;

/// <summary>The learning coefficient of a component on a data set over training.</summary>
/// <param name="Component">The component.</param>
/// <param name="Data">The data set; empty where there is one alone.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="LeftOut">The checkpoints that have no part in it.</param>
/// <param name="Fit">The Gaussian process of λ̂.</param>
/// <param name="LossFit">That of the loss; null where none is known.</param>
/// <param name="Smooth">The posterior means on a grid.</param>
/// <param name="Boundaries">The boundaries between stages.</param>
/// <param name="Stages">The stages.</param>
public sealed record CurveRecord(
    string Component,
    string Data,
    MeasuredCurve Measured,
    IReadOnlyList<LeftOut> LeftOut,
    CurveFit Fit,
    CurveFit? LossFit,
    SmoothCurve Smooth,
    IReadOnlyList<BoundaryRecord> Boundaries,
    IReadOnlyList<StageRecord> Stages
)
{
    internal static CurveRecord Of(CurveStages curve, StageOptions options) =>
        new(
            curve.Source.Component,
            curve.Source.Data,
            MeasuredCurve.Of(curve.Source),
            curve.Source.LeftOut,
            CurveFit.Of(curve.Stages.Process),
            curve.Loss is null ? null : CurveFit.Of(curve.Loss),
            SmoothCurve.Of(curve),
            [.. curve.Stages.Boundaries.Select(boundary => BoundaryRecord.Of(boundary, options))],
            [.. curve.Stages.Stages.Select(StageRecord.Of)]
        );
}
