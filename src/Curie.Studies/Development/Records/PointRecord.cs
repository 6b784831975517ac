using Curie.Development.Trajectories;

namespace Curie.Studies.Development.Records;

/// <summary>A special point of a plane curve.</summary>
/// <param name="Kind"><c>sharp-vertex</c>, <c>flat-vertex</c> or <c>cusp</c>.</param>
/// <param name="Step">Where it is, in updates.</param>
/// <param name="Index">The same in checkpoints, from 0.</param>
/// <param name="X">Its x.</param>
/// <param name="Y">Its y.</param>
/// <param name="Radius">The radius of the circle there.</param>
public sealed record PointRecord(string Kind, double Step, double Index, double X, double Y, double Radius)
{
    internal static PointRecord Of(CurvePoint point, EssentialDynamics dynamics) =>
        new(StagesTables.Kind(point.Kind), dynamics.StepAt(point.Index), point.Index, point.X, point.Y, point.Radius);
}
