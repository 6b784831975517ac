using Curie.Development.Trajectories;

namespace Curie.Studies.Development.Records;

/// <summary>The osculating circles of a plane curve, by checkpoint.</summary>
/// <param name="CentreX">The centres' x.</param>
/// <param name="CentreY">The centres' y.</param>
/// <param name="Radius">The radii.</param>
/// <param name="Curvature">The signed curvature.</param>
public sealed record CirclesRecord(
    IReadOnlyList<double> CentreX,
    IReadOnlyList<double> CentreY,
    IReadOnlyList<double> Radius,
    IReadOnlyList<double> Curvature
)
{
    internal static CirclesRecord Of(IReadOnlyList<OsculatingCircle> circles) =>
        new(
            [.. circles.Select(circle => circle.CentreX)],
            [.. circles.Select(circle => circle.CentreY)],
            [.. circles.Select(circle => circle.Radius)],
            [.. circles.Select(circle => circle.Curvature)]
        );
}
