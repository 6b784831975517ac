using Curie.Development.Trajectories;

namespace Curie.Studies.Development.Records;

/// <summary>A trajectory on the plane of two of its components.</summary>
/// <param name="Plane">The plane's name, such as <c>pc1-pc2</c>.</param>
/// <param name="X">The component that lies along x, from 1.</param>
/// <param name="Y">That along y.</param>
/// <param name="Circles">The osculating circles.</param>
/// <param name="Points">The special points.</param>
public sealed record PlaneRecord(string Plane, int X, int Y, CirclesRecord Circles, IReadOnlyList<PointRecord> Points)
{
    internal static PlaneRecord Of(TrajectoryPlane plane, EssentialDynamics dynamics) =>
        new(
            StagesTables.Plane(plane),
            plane.I + 1,
            plane.J + 1,
            CirclesRecord.Of(plane.Circles),
            [.. plane.Points.Select(point => PointRecord.Of(point, dynamics))]
        );
}
