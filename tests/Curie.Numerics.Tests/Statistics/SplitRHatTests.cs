using Curie.Numerics.Statistics;
using MathNet.Numerics;

namespace Curie.Numerics.Tests.Statistics;

public sealed class SplitRHatTests
{
    [Fact]
    public void Plain_by_hand()
    {
        // Halves (1, 2), (3, 4), (1, 2), (3, 4): W = 1/2, means 1.5, 3.5, 1.5, 3.5 with variance 4/3, var⁺ = 1/4 + 4/3.
        Assert.Equal(
            Math.Sqrt(((1.0 / 4) + (4.0 / 3)) / 0.5),
            SplitRHat.Plain([
                [1, 2, 3, 4],
                [1, 2, 3, 4],
            ]),
            1e-14
        );
    }

    [Fact]
    public void The_middle_draw_of_an_odd_number_is_left_out() =>
        Assert.Equal(
            SplitRHat.Plain([
                [1, 2, 3, 4],
            ]),
            SplitRHat.Plain([
                [1, 2, 99, 3, 4],
            ])
        );

    [Fact]
    public void Ranks_become_normal_scores_and_equal_draws_share_theirs()
    {
        double[][] scores = ChainSet.NormalizeRanks([
            [10, 20],
            [20, 5],
        ]);
        double[] ranks = [2, 3.5, 3.5, 1];
        double[] flat = [.. scores.SelectMany(chain => chain)];
        for (int i = 0; i < 4; i++)
        {
            // Φ of a score gives the rank back: an independent way, good to 1e-12.
            double probability = 0.5 * SpecialFunctions.Erfc(-flat[i] / Math.Sqrt(2));
            Assert.Equal(ranks[i], (probability * 4.25) + 0.375, 1e-10);
        }
    }

    [Fact]
    public void Mixed_chains_have_a_value_near_one()
    {
        // For independent draws R̂² − 1 ≈ (B/W − 1)/n with B/W an F ratio of about 7 degrees of freedom: with n = 500 below 1 + 4/500/2.
        double[][] chains = AutoregressiveChains.Make(0, 4, 1000, 4);
        Assert.InRange(SplitRHat.Plain(chains), 0.998, 1.004);
        Assert.InRange(SplitRHat.RankNormalized(chains), 0.998, 1.004);
    }

    [Fact]
    public void A_shifted_chain_is_found()
    {
        // Shift 2 of one chain in four: the means 0, 0, 0, 2 (each twice) have variance 6/7, so R̂ = √(1 + 6/7) = 1.363; the variance of
        // eight means of 500 draws moves it by less than 0.05.
        double[][] chains = AutoregressiveChains.Make(0, 4, 1000, 4);
        chains[3] = Array.ConvertAll(chains[3], value => value + 2);
        Assert.Equal(Math.Sqrt(1 + (6.0 / 7)), SplitRHat.Plain(chains), 0.05);
        Assert.True(SplitRHat.RankNormalized(chains) > 1.2);
    }

    [Fact]
    public void A_drift_of_a_single_chain_is_found() =>
        Assert.True(
            SplitRHat.RankNormalized([
                [.. Enumerable.Range(0, 100).Select(i => i + Math.Sin(i))],
            ]) > 1.5
        );

    [Fact]
    public void A_chain_of_another_spread_is_found_by_the_folded_form_alone()
    {
        double[][] chains = AutoregressiveChains.Make(0, 4, 1000, 4);
        chains[0] = Array.ConvertAll(chains[0], value => 4 * value);
        Assert.InRange(SplitRHat.Plain(chains), 0.99, 1.02);
        Assert.True(SplitRHat.RankNormalized(chains) > 1.1);
    }

    [Fact]
    public void Infinite_moments_do_not_hide_a_shift()
    {
        // Cauchy draws, tan(π(u − ½)) with u = Φ(x): the plain form, drowned in variance, cannot see the shift; ranks can.
        double[][] chains =
        [
            .. AutoregressiveChains
                .Make(0, 4, 1000, 4)
                .Select(
                    (chain, index) =>
                        Array.ConvertAll(chain, x =>
                            Math.Tan(Math.PI * ((0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2))) - 0.5)) + (index == 0 ? 6 : 0)
                        )
                ),
        ];
        Assert.True(SplitRHat.RankNormalized(chains) > 1.1);
        Assert.True(SplitRHat.Plain(chains) < 1.01);
    }

    [Fact]
    public void Constant_chains()
    {
        Assert.True(
            double.IsNaN(
                SplitRHat.Plain([
                    [1, 1, 1, 1],
                    [1, 1, 1, 1],
                ])
            )
        );
        Assert.Equal(
            double.PositiveInfinity,
            SplitRHat.RankNormalized([
                [1, 1, 1, 1],
                [2, 2, 2, 2],
            ])
        );
        Assert.Throws<ArgumentException>(() =>
            SplitRHat.Plain([
                [1, 2, 3],
            ])
        );
    }
}
