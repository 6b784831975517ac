using Curie.Development.Stages;
using Curie.Studies.Development.Records;

namespace Curie.Page.Data;

/// <summary>A <see cref="CurveRecord"/> with as much of the smooth curve as a chart needs.</summary>
/// <param name="Component">The component.</param>
/// <param name="Data">The data set.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="LeftOut">The checkpoints that have no part in it.</param>
/// <param name="Fit">The Gaussian process of λ̂.</param>
/// <param name="LossFit">That of the loss; null where none is known.</param>
/// <param name="Boundaries">The boundaries between stages.</param>
/// <param name="Stages">The stages.</param>
/// <param name="Smooth">The posterior means on a grid.</param>
internal sealed record CurveData(
    string Component,
    string Data,
    MeasuredCurve Measured,
    IReadOnlyList<LeftOut> LeftOut,
    CurveFit Fit,
    CurveFit? LossFit,
    IReadOnlyList<BoundaryRecord> Boundaries,
    IReadOnlyList<StageRecord> Stages,
    SmoothData Smooth
);
