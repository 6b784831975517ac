using Curie.Development.Clustering;

namespace Curie.Development.Tests.Clustering;

public sealed class DynamicTimeWarpingTests
{
    /// <summary>
    /// By hand: (1, 2, 3) against (2, 3, 4). Costs |a_i − b_j|²: rows 1 4 9 / 0 1 4 / 1 0 1. Cumulated: 1 5 14 / 1 2 6 / 2 1 2: the
    /// distance is √2, along
    /// (0,0) (1,0) (2,1) (2,2).
    /// </summary>
    [Fact]
    public void A_shifted_ramp_costs_its_two_ends()
    {
        double[] a = [1, 2, 3];
        double[] b = [2, 3, 4];
        Assert.Equal(Math.Sqrt(2), DynamicTimeWarping.Distance(a, b), 1e-12);
        Assert.Equal([(0, 0), (1, 0), (2, 1), (2, 2)], DynamicTimeWarping.Path(a, b));

        // With no shift allowed every point is compared with its own: √(1 + 1 + 1).
        Assert.Equal(Math.Sqrt(3), DynamicTimeWarping.Distance(a, b, window: 0), 1e-12);
    }

    [Fact]
    public void A_repeated_point_costs_nothing_and_lengths_may_differ()
    {
        Assert.Equal(0, DynamicTimeWarping.Distance([1, 2, 2, 3], [1, 2, 3]));
        Assert.Equal(0, DynamicTimeWarping.Distance([1, 2, 2, 3], [1, 2, 3], window: 0));
        Assert.Equal(3, DynamicTimeWarping.Distance([5], [2]));
    }

    /// <summary>
    /// The barycentre of a bump and the same bump two points later is a bump of the same height, where the plain mean is two half bumps.
    /// </summary>
    [Fact]
    public void The_barycentre_of_shifted_bumps_is_a_bump()
    {
        double[] early = [0, 1, 3, 1, 0, 0, 0];
        double[] late = [0, 0, 0, 1, 3, 1, 0];

        double[] centre = CurveMetric.Warping().Centre([early, late], early);

        Assert.Equal(early, centre);
        Assert.Equal([0, 0.5, 1.5, 1, 1.5, 0.5, 0], CurveMetric.Euclidean.Centre([early, late], early));
    }

    /// <summary>By hand: (0, 2) and (0, 4) from (0, 2): points align one to one, so the centre is (0, 3).</summary>
    [Fact]
    public void The_barycentre_averages_what_is_aligned() =>
        Assert.Equal(
            [0, 3],
            CurveMetric
                .Warping()
                .Centre(
                    [
                        [0, 2],
                        [0, 4],
                    ],
                    [0, 2]
                )
        );
}
