using Curie.Numerics.Statistics;

namespace Curie.Numerics.Tests.Statistics;

public sealed class GewekeTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 4)]
    [InlineData(0.9, 4)]
    public void Of_stationary_chains_it_is_about_a_standard_normal_number(double correlation, int count)
    {
        const int runs = 400;
        double[] z = [.. Enumerable.Range(0, runs).Select(run => Geweke.Z(AutoregressiveChains.Make(correlation, count, 400, run)))];

        // The mean of runs normal numbers scatters by 1/√runs, that of their squares by √(2/runs); the estimated τ adds a few per cent, and
        // a first
        // stretch not much longer than τ makes z smaller.
        Assert.InRange(z.Average(), -4 / Math.Sqrt(runs), 4 / Math.Sqrt(runs));
        Assert.InRange(z.Average(value => value * value), 0.6, 1.1 + (4 * Math.Sqrt(2.0 / runs)));
        Assert.True(z.Count(value => Math.Abs(value) > 4) <= 1);
    }

    [Fact]
    public void A_start_away_from_the_rest_is_seen_with_its_sign()
    {
        double[][] chains = AutoregressiveChains.Make(0.5, 4, 200, 1);
        double before = Geweke.Z(chains);
        foreach (double[] chain in chains)
        {
            for (int draw = 0; draw < 20; draw++)
            {
                chain[draw] -= 2;
            }
        }

        // 4 chains of 20 draws with τ = 3, s² = 1/(1 − ¼): standard error √(4·(1/80 + 1/400)) = 0.245, a shift by 8 of them.
        Assert.InRange(Geweke.Z(chains) - before, -11, -6);
    }

    [Fact]
    public void Constant_and_short_chains_have_no_figure()
    {
        Assert.True(double.IsNaN(Geweke.Z([new double[20], new double[20]])));
        Assert.Throws<ArgumentException>(() => Geweke.Z([new double[7]]));
    }
}
