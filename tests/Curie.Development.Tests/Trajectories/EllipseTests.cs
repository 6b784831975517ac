using Curie.Development.Trajectories;

namespace Curie.Development.Tests.Trajectories;

/// <summary>The ellipse (3 cos t, 2 sin t), whose circles, evolute and vertices are known in closed form.</summary>
public sealed class EllipseTests
{
    private const double A = 3;
    private const double B = 2;
    private const int PerTurn = 2000;
    private const int Start = PerTurn / 8;

    /// <summary>Half an eighth before t = 0 to half an eighth after a whole turn, so that all four vertices are inner points.</summary>
    private static readonly double[] Angles = [.. Enumerable.Range(-Start, PerTurn + 1).Select(i => 2 * Math.PI * i / PerTurn)];

    private static readonly PlaneCurve Ellipse = new([.. Angles.Select(t => A * Math.Cos(t))], [.. Angles.Select(t => B * Math.Sin(t))]);

    /// <summary>Central differences at spacing h = 2π/2000 have a relative error of about h², 1e-5; radii are up to 4.5.</summary>
    [Fact]
    public void Osculating_circles_have_the_radii_and_the_centres_of_the_closed_form()
    {
        IReadOnlyList<OsculatingCircle> circles = OsculatingCircle.Of(Ellipse);
        for (int i = 1; i < Angles.Length - 1; i++)
        {
            (double sine, double cosine) = Math.SinCos(Angles[i]);
            double radius = Math.Pow((A * A * sine * sine) + (B * B * cosine * cosine), 1.5) / (A * B);
            Assert.Equal(radius, circles[i].Radius, 1e-4);
            Assert.Equal(((A * A) - (B * B)) * Math.Pow(cosine, 3) / A, circles[i].CentreX, 1e-4);
            Assert.Equal(-((A * A) - (B * B)) * Math.Pow(sine, 3) / B, circles[i].CentreY, 1e-4);
        }

        Assert.Equal(B * B / A, circles[Start].Radius, 1e-4);
        Assert.Equal(A * A / B, circles[Start + (PerTurn / 4)].Radius, 1e-4);
    }

    [Fact]
    public void The_four_vertices_have_radii_b2_over_a_and_a2_over_b()
    {
        IReadOnlyList<CurvePoint> vertices = CurvePoints.Vertices(Ellipse);

        Assert.Equal(
            [CurvePointKind.SharpVertex, CurvePointKind.FlatVertex, CurvePointKind.SharpVertex, CurvePointKind.FlatVertex],
            vertices.Select(vertex => vertex.Kind)
        );
        Assert.Empty(CurvePoints.Cusps(Ellipse));
        for (int quarter = 0; quarter < 4; quarter++)
        {
            Assert.Equal(Start + (quarter * PerTurn / 4), vertices[quarter].Index, 1e-3);
            Assert.Equal(quarter % 2 == 0 ? B * B / A : A * A / B, vertices[quarter].Radius, 1e-4);
        }
    }

    /// <summary>The evolute stops and turns back four times, where the ellipse has its vertices; a cusp is found to one point.</summary>
    [Fact]
    public void The_evolute_has_exactly_four_cusps()
    {
        IReadOnlyList<OsculatingCircle> circles = OsculatingCircle.Of(Ellipse);
        PlaneCurve evolute = new TrajectoryPlane(0, 1, circles, []).Evolute;

        IReadOnlyList<CurvePoint> cusps = CurvePoints.Cusps(evolute);

        Assert.Equal(4, cusps.Count);
        Assert.All(cusps.Zip(CurvePoints.Vertices(Ellipse)), pair => Assert.Equal(pair.Second.Index, pair.First.Index, 1.0));
    }

    /// <summary>(t², t³) stops at 0 and turns back: a cusp and no vertex there, at any sampling.</summary>
    [Fact]
    public void A_semicubical_parabola_has_one_cusp()
    {
        double[] t = [.. Enumerable.Range(-50, 101).Select(i => i / 50.0)];
        IReadOnlyList<CurvePoint> points = CurvePoints.All(new PlaneCurve([.. t.Select(x => x * x)], [.. t.Select(x => x * x * x)]));

        CurvePoint cusp = Assert.Single(points, point => point.Kind == CurvePointKind.Cusp);
        Assert.Equal((50, 0.0, 0.0), (cusp.Index, cusp.X, cusp.Y));
    }

    [Fact]
    public void A_straight_line_has_no_vertex_and_a_circle_has_its_own_radius()
    {
        double[] t = [.. Enumerable.Range(0, 20).Select(i => i / 3.0)];
        PlaneCurve line = new(t, [.. t.Select(x => 2 * x)]);
        Assert.Empty(CurvePoints.Cusps(line));
        Assert.All(OsculatingCircle.Of(line), circle => Assert.True(circle.Radius > 1e8));
        PlaneCurve round = new([.. t.Select(x => 5 * Math.Cos(x / 10))], [.. t.Select(x => 5 * Math.Sin(x / 10))]);

        // Spacing 1/30: relative error of differences about 1/30²/3.
        Assert.All(OsculatingCircle.Of(round), circle => Assert.Equal(5, circle.Radius, 0.01));
        Assert.All(OsculatingCircle.Of(round), circle => Assert.Equal(0, circle.CentreX, 0.01));
    }
}
