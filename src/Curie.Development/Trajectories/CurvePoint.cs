namespace Curie.Development.Trajectories;

/// <summary>What is special about a point of a plane curve.</summary>
public enum CurvePointKind
{
    /// <summary>The size of the curvature has a local maximum: a sharp turn.</summary>
    SharpVertex,

    /// <summary>The size of the curvature has a local minimum that is not 0: a wide turn.</summary>
    FlatVertex,

    /// <summary>The curve stops and turns back.</summary>
    Cusp,
}

/// <summary>A vertex or a cusp.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Index">The point's index; between two points at a vertex, by a parabola through the curvature.</param>
/// <param name="X">At a vertex the centre of the osculating circle, at a cusp the point itself: what a form projects to.</param>
/// <param name="Y">The same.</param>
/// <param name="Radius">The radius of the osculating circle; 0 at a cusp.</param>
public sealed record CurvePoint(CurvePointKind Kind, double Index, double X, double Y, double Radius);
