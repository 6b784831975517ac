using Curie.Numerics.Statistics;

namespace Curie.Numerics.Tests.Statistics;

public sealed class BatchMeansTests
{
    [Fact]
    public void Two_chains_by_hand()
    {
        // Batches of 3 and 2 draws (⌊2s/5⌋): means 5/3, 4 and 19/3, 10 of 10 draws with mean 5.2.
        MeanEstimate estimate = BatchMeans.Estimate(
            [
                [1, 1, 3, 3, 5],
                [7, 5, 7, 9, 11],
            ],
            2
        );
        double squares = (3 * Square((5.0 / 3) - 5.2)) + (2 * Square(4 - 5.2)) + (3 * Square((19.0 / 3) - 5.2)) + (2 * Square(10 - 5.2));
        Assert.Equal(5.2, estimate.Mean, 1e-14);
        Assert.Equal(Math.Sqrt(squares / 3 / 10), estimate.StandardError, 1e-14);
        Assert.Equal(3, estimate.DegreesOfFreedom);

        static double Square(double x) => x * x;
    }

    [Fact]
    public void The_interval_is_that_of_Student()
    {
        // t of 3 degrees of freedom at 0.975 is 3.18245 in every table.
        Assert.Equal(3.18245 * 2, new MeanEstimate(0, 2, 3).HalfWidth(), 1e-4);
    }

    [Fact]
    public void Intervals_of_correlated_chains_cover_the_truth_as_often_as_they_say()
    {
        // 4 chains of 900 draws with φ = 0.6: batches of 129 draws underestimate the variance by 2φ/((1 − φ²)·129·τ) = 0.4 %, which costs
        // less than 0.1 % of coverage; four binomial standard errors over 400 repetitions are 4.4 %. Independent draws would be assumed at
        // √τ = 2 times too small an error, and cover 67 %.
        const int Repetitions = 400;
        int covered = 0;
        for (int seed = 0; seed < Repetitions; seed++)
        {
            MeanEstimate estimate = BatchMeans.Estimate(AutoregressiveChains.Make(0.6, 4, 900, seed));
            covered += Math.Abs(estimate.Mean) <= estimate.HalfWidth() ? 1 : 0;
        }

        Assert.InRange(covered / (double)Repetitions, 0.95 - 0.045, 0.95 + 0.044);
    }

    [Fact]
    public void Chains_that_disagree_widen_the_error()
    {
        double[][] chains = AutoregressiveChains.Make(0.3, 4, 400, 1);
        double mixed = BatchMeans.Estimate(chains).StandardError;
        double[][] apart = [.. chains.Select((chain, index) => Array.ConvertAll(chain, value => value + (3 * index)))];
        Assert.True(BatchMeans.Estimate(apart).StandardError > 5 * mixed);
    }

    [Fact]
    public void One_batch_unequal_chains_and_no_chains_are_refused()
    {
        Assert.Throws<ArgumentException>(() => BatchMeans.Estimate([1.0, 2.0, 3.0], 1));
        Assert.Throws<ArgumentException>(() =>
            BatchMeans.Estimate([
                [1, 2],
                [3],
            ])
        );
        Assert.Throws<ArgumentException>(() => BatchMeans.Estimate(Array.Empty<double[]>()));
    }
}
