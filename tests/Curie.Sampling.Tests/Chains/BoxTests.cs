using Curie.Numerics;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Chains;

public sealed class BoxTests
{
    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(1, 1)]
    [InlineData(1.25, 0.75)]
    [InlineData(-1.25, -0.75)]
    [InlineData(2.5, -0.5)]
    [InlineData(3.5, -0.5)]
    [InlineData(4.25, 0.25)]
    [InlineData(-6.5, 0.5)]
    public void A_step_is_reflected_at_every_wall_it_meets(double offset, double expected)
    {
        // Exact: all numbers are multiples of ¼ around an origin of 2.
        float[] w = [(float)(2 + offset)];
        Box.Reflect(w, [2], 1);
        Assert.Equal(2 + expected, w[0]);
    }

    [Fact]
    public void No_weight_is_ever_outside_and_those_inside_keep_their_bits()
    {
        const double radius = 0.3;
        float[] origin = [.. Enumerable.Range(0, 4096).Select(i => 0.1f * ((i % 7) - 3))];
        float[] w = [.. origin.Select((center, i) => center + (float)(Math.Sin(i * i) * 2))];
        float[] before = [.. w];
        Box.Reflect(w, origin, radius);
        for (int i = 0; i < w.Length; i++)
        {
            Assert.InRange((double)w[i] - origin[i], -radius, radius);
            if (Math.Abs((double)before[i] - origin[i]) <= radius)
            {
                Assert.Equal(before[i], w[i]);
            }
        }
    }

    /// <summary>
    /// On a flat loss every step is symmetric, so the law is exactly uniform: u²/s² has mean ⅓ and variance 4/45. 4 standard errors of
    /// 4000 coordinates, each mixed by 200 steps of a quarter of the box; clamping would give a mean above 0.4.
    /// </summary>
    [Fact]
    public void A_flat_loss_has_the_uniform_law()
    {
        SamplingOptions options = new()
        {
            StepSize = 0.01,
            NBeta = 0,
            Localization = 0,
            BoxRadius = 0.4,
            Chains = 1,
            Draws = 1,
            BurnIn = 200,
        };
        ComponentReport report = TestRun.Sample(FunctionSurface.Wide(4000), options);
        double mean = report.Distances[0] * report.Distances[0] / (0.4 * 0.4) / 4000;
        double tolerance = 4 * Math.Sqrt(4.0 / 45 / 4000);
        Assert.InRange(mean, (1 / 3.0) - tolerance, (1 / 3.0) + tolerance);
    }

    [Fact]
    public void A_box_without_size_is_refused() =>
        Assert.Contains(
            "sampling.box_radius is 0",
            Assert.Throws<InputException>(() => TestRun.Sample(TestRun.Quadratic(1), new SamplingOptions { BoxRadius = 0 })).Message,
            StringComparison.Ordinal
        );
}
