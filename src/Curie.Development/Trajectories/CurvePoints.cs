namespace Curie.Development.Trajectories;

/// <summary>
/// The vertices and cusps of a plane curve. A vertex is a local extremum of the curvature, where the osculating circle touches to third
/// order and
/// the evolute has a cusp; a zero of the curvature is an inflection, not a vertex. At a cusp the curve stops, γ′ = 0, and turns back.
/// </summary>
public static class CurvePoints
{
    /// <summary>Both kinds, in order.</summary>
    public static IReadOnlyList<CurvePoint> All(PlaneCurve curve) =>
        [.. Vertices(curve).Concat(Cusps(curve)).OrderBy(point => point.Index)];

    /// <summary>
    /// The vertices: inner points where |κ| is larger, or smaller without a change of κ's sign, than at both neighbours, and the curve does
    /// not turn back.
    /// </summary>
    public static IReadOnlyList<CurvePoint> Vertices(PlaneCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        IReadOnlyList<OsculatingCircle> circles = OsculatingCircle.Of(curve);
        List<CurvePoint> vertices = [];

        // The circles of the ends are copies of their neighbours', so the first and last points with differences of their own are 2 and n −
        // 3.
        for (int t = 2; t < curve.Count - 2; t++)
        {
            (double before, double here, double after) = (circles[t - 1].Curvature, circles[t].Curvature, circles[t + 1].Curvature);
            (double a, double b, double c) = (Math.Abs(before), Math.Abs(here), Math.Abs(after));
            bool sameSign = before > 0 == here > 0 && here > 0 == after > 0;
            bool sharp = b > a && b >= c;
            bool flat = b < a && b <= c && sameSign;
            if ((!sharp && !flat) || TurnsBack(curve, t))
            {
                continue;
            }

            double offset = Math.Clamp(0.5 * (a - c) / (a - (2 * b) + c), -0.5, 0.5);
            OsculatingCircle circle = circles[t];
            vertices.Add(
                new CurvePoint(
                    sharp ? CurvePointKind.SharpVertex : CurvePointKind.FlatVertex,
                    t + offset,
                    circle.CentreX,
                    circle.CentreY,
                    circle.Radius
                )
            );
        }

        return vertices;
    }

    /// <summary>
    /// The cusps: inner points where the speed is least among their neighbours and the directions of motion before and after make an angle
    /// above 90°.
    /// </summary>
    public static IReadOnlyList<CurvePoint> Cusps(PlaneCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        List<CurvePoint> cusps = [];
        for (int t = 2; t < curve.Count - 2; t++)
        {
            if (TurnsBack(curve, t) && Speed(curve, t) < Speed(curve, t - 1) && Speed(curve, t) <= Speed(curve, t + 1))
            {
                cusps.Add(new CurvePoint(CurvePointKind.Cusp, t, curve.X[t], curve.Y[t], 0));
            }
        }

        return cusps;
    }

    private static bool TurnsBack(PlaneCurve curve, int t)
    {
        ((double bx, double by), (double ax, double ay)) = (curve.Velocity(t - 1), curve.Velocity(t + 1));
        return (bx * ax) + (by * ay) < 0;
    }

    private static double Speed(PlaneCurve curve, int t)
    {
        (double x, double y) = curve.Velocity(t);
        return Math.Sqrt((x * x) + (y * y));
    }
}
