namespace Curie.Development.Trajectories;

/// <summary>The circle that touches a plane curve to second order at one of its points.</summary>
/// <param name="CentreX">The centre, a point of the evolute.</param>
/// <param name="CentreY">The centre.</param>
/// <param name="Radius">1/|κ|.</param>
/// <param name="Curvature">κ = r′ × r″/|r′|³, positive where the curve turns left.</param>
public sealed record OsculatingCircle(double CentreX, double CentreY, double Radius, double Curvature)
{
    /// <summary>What is added to |κ|, so that a straight piece has a circle too.</summary>
    private const double Least = 1e-12;

    /// <summary>
    /// The circles at all points of a curve, from central differences: R = 1/(|κ| + 1e-12), centre = c + R·n̂ with n̂ the left normal where
    /// the curve
    /// turns left and the right normal elsewhere. The ends have their neighbours' circles.
    /// </summary>
    /// <exception cref="ArgumentException">The curve has fewer than three points.</exception>
    public static IReadOnlyList<OsculatingCircle> Of(PlaneCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        if (curve.Count < 3)
        {
            throw new ArgumentException("A circle needs three points.", nameof(curve));
        }

        return [.. Enumerable.Range(0, curve.Count).Select(t => At(curve, Math.Clamp(t, 1, curve.Count - 2)))];
    }

    private static OsculatingCircle At(PlaneCurve curve, int t)
    {
        ((double vx, double vy), (double ax, double ay)) = (curve.Velocity(t), curve.Acceleration(t));
        double speed = Math.Sqrt((vx * vx) + (vy * vy));
        double cross = (vx * ay) - (vy * ax);
        double curvature = speed > 0 ? cross / (speed * speed * speed) : 0;
        double radius = 1 / (Math.Abs(curvature) + Least);
        double side = cross >= 0 ? 1 : -1;
        (double nx, double ny) = speed > 0 ? (-side * vy / speed, side * vx / speed) : (0, 0);
        return new OsculatingCircle(curve.X[t] + (radius * nx), curve.Y[t] + (radius * ny), radius, curvature);
    }
}
