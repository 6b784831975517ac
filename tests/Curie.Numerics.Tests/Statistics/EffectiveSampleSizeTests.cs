using Curie.Numerics.Statistics;

namespace Curie.Numerics.Tests.Statistics;

public sealed class EffectiveSampleSizeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void An_autoregression_is_worth_its_draws_divided_by_its_integrated_time(double phi)
    {
        // The relative error of τ as in the test of the integrated time; normal scores of normal draws leave the correlation as it is.
        const int Total = 4 * 5000;
        double window = phi == 0 ? 2 : Math.Max(2, Math.Log(Math.Sqrt(Total)) / -Math.Log(phi));
        double relative = 4 * Math.Sqrt(2 * ((2 * window) + 1) / Total);
        double truth = Total / AutoregressiveChains.IntegratedTime(phi);
        double[][] chains = AutoregressiveChains.Make(phi, 4, 5000, 5);
        Assert.Equal(truth, EffectiveSampleSize.OfMean(chains), relative * truth);
        Assert.Equal(truth, EffectiveSampleSize.Bulk(chains), relative * truth);
    }

    [Fact]
    public void Alternating_chains_are_worth_more_than_their_draws() =>
        Assert.True(EffectiveSampleSize.Bulk(AutoregressiveChains.Make(-0.5, 4, 1000, 5)) > 2 * 4000);

    [Fact]
    public void The_bulk_size_is_invariant_under_a_monotone_map_and_survives_heavy_tails()
    {
        double[][] chains = AutoregressiveChains.Make(0.5, 2, 600, 2);
        double[][] mapped = [.. chains.Select(chain => Array.ConvertAll(chain, value => Math.Exp(5 * value)))];
        Assert.Equal(EffectiveSampleSize.Bulk(chains), EffectiveSampleSize.Bulk(mapped));
    }

    [Fact]
    public void Chains_that_disagree_are_worth_little()
    {
        double[][] chains = AutoregressiveChains.Make(0, 4, 500, 2);
        double[][] apart = [.. chains.Select((chain, index) => Array.ConvertAll(chain, value => value + (3 * index)))];
        Assert.InRange(EffectiveSampleSize.Bulk(apart), 1, 40);
    }

    [Fact]
    public void Equal_draws_have_no_size_and_short_chains_are_refused()
    {
        Assert.True(
            double.IsNaN(
                EffectiveSampleSize.Bulk([
                    [1, 1, 1, 1, 1, 1, 1, 1],
                ])
            )
        );
        Assert.Throws<ArgumentException>(() =>
            EffectiveSampleSize.Bulk([
                [1, 2, 3, 4, 5, 6, 7],
            ])
        );
    }
}
