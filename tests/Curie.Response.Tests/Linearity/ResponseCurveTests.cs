using Curie.Response.Linearity;

namespace Curie.Response.Tests.Linearity;

public sealed class ResponseCurveTests
{
    /// <summary>Float64: a handful of operations on numbers near 1.</summary>
    private const double Rounding = 1e-12;

    /// <summary>A change c·(1 + a·h) over h: the limit is c, the departure a·h, and 10 % are reached at .1/a.</summary>
    [Theory]
    [InlineData(-2.0, 1.0, 0.1)]
    [InlineData(3.0, -0.5, 0.2)]
    [InlineData(3.0, 20, 0.005)]
    public void A_curve_with_a_second_order_has_its_limit_and_its_range(double limit, double slope, double range)
    {
        double[] shares = [0.01, 0.03, 0.1, 0.3];
        ResponseCurve curve = new([.. shares.Select(h => new CurvePoint(h, limit * (1 + (slope * h)), 0.1))], limit, 0.2);
        Assert.Equal(limit, curve.Limit, Rounding);
        Assert.All(curve.Points, point => Assert.Equal(slope * point.Share, curve.Departure(point), Rounding));
        Assert.True(curve.ShowsRange);
        Assert.Equal(range, curve.Range!.Value, Rounding);
    }

    [Fact]
    public void Errors_add_in_quadrature()
    {
        ResponseCurve curve = new([new CurvePoint(0.01, 7, 3)], 2, 4);
        Assert.Equal(1, curve.Z(curve.Points[0]), Rounding);
        Assert.Equal(7, curve.Limit);
    }

    [Fact]
    public void A_range_is_unknown_with_one_share_or_without_a_response_and_may_lie_beyond_the_last_share()
    {
        Assert.False(new ResponseCurve([new CurvePoint(0.01, 7, 3)], 2, 4).ShowsRange);
        Assert.False(new ResponseCurve([new CurvePoint(0.01, 1.9, 1), new CurvePoint(0.02, 1.9, 1)], 2, 4).ShowsRange);
        ResponseCurve straight = new([new CurvePoint(0.01, 2.1, 0.5), new CurvePoint(0.02, 2.2, 0.5)], 2, 4);
        Assert.True(straight.ShowsRange);

        // A limit of 2.01, from which the second share departs by 9 %.
        Assert.Null((straight with { Points = [straight.Points[0], straight.Points[1] with { Value = 2.19 }] }).Range);
    }
}
