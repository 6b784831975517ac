namespace Curie.Development.Trajectories;

/// <summary>The trajectory's projection on two components.</summary>
/// <param name="I">The first component, from 0.</param>
/// <param name="J">The second.</param>
/// <param name="Circles">The osculating circle at every checkpoint; the centres are the evolute.</param>
/// <param name="Points">The vertices and cusps.</param>
public sealed record TrajectoryPlane(int I, int J, IReadOnlyList<OsculatingCircle> Circles, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>The curve of the circles' centres.</summary>
    public PlaneCurve Evolute => new([.. Circles.Select(circle => circle.CentreX)], [.. Circles.Select(circle => circle.CentreY)]);
}
