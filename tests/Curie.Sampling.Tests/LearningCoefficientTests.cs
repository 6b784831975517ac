using Curie.Numerics;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests;

public sealed class LearningCoefficientTests
{
    [Fact]
    public void The_coefficient_is_nbeta_times_the_mean_over_draws_above_the_init_loss()
    {
        LearningCoefficient estimate = LearningCoefficient.Estimate(
            [
                [2, 4],
                [6, 8],
            ],
            1,
            10
        );
        Assert.Equal(40, estimate.Value);
        Assert.Equal((2, 2), (estimate.Chains, estimate.DrawsPerChain));
    }

    [Fact]
    public void An_init_loss_of_zero_is_a_value() =>
        Assert.Equal(
            50,
            LearningCoefficient
                .Estimate(
                    [
                        [2, 4],
                        [6, 8],
                    ],
                    0,
                    10
                )
                .Value
        );

    [Fact]
    public void With_nbeta_zero_the_coefficient_is_zero()
    {
        LearningCoefficient estimate = LearningCoefficient.Estimate(
            [
                [2, 4, 3, 5, 4, 6, 3, 2, 5, 4, 6, 3, 2, 4, 5, 3],
            ],
            1,
            0
        );
        Assert.Equal(0, estimate.Value);
        Assert.Equal(0, estimate.StandardError);
    }

    [Fact]
    public void Burn_in_is_not_averaged()
    {
        // Plain descent from 1 by half at each update: after 4 updates and then 2 draws the weights are 2⁻⁵ and 2⁻⁶, exactly.
        SamplingOptions options = new()
        {
            StepSize = 1,
            NBeta = 1,
            Localization = 0,
            NoiseLevel = 0,
            Chains = 1,
            Draws = 2,
            BurnIn = 4,
        };
        ComponentReport report = TestRun.Sample(new QuadraticSurface([1], [0], [1]), options);
        Assert.Equal([Math.Pow(2, -11), Math.Pow(2, -13)], report.Trace[0]);
        Assert.Equal(0.5 * (Math.Pow(2, -11) + Math.Pow(2, -13)) - 0.5, LearningCoefficient.Estimate(report).Value, 1e-15);
    }

    [Fact]
    public void The_evaluation_rows_error_is_that_of_their_paired_differences_and_adds_in_quadrature()
    {
        double[] draws = [.. Enumerable.Range(0, 64).Select(i => 2 + Math.Sin(i * i))];
        LearningCoefficient without = LearningCoefficient.Estimate([draws, draws], 1, 10);
        LearningCoefficient with = LearningCoefficient.Estimate([draws, draws], 1, 10, [0.1, 0.3, 0.5, 0.7]);

        // Standard deviation √(0.2/3) over 4 rows, times nβ = 10; roundings of float64.
        Assert.Null(without.RowError);
        Assert.Equal(10 * Math.Sqrt(0.2 / 3 / 4), with.RowError!.Value, 1e-12);
        Assert.Equal(without.SamplingError, with.SamplingError);
        Assert.Equal(
            Math.Sqrt(Math.Pow(with.SamplingError!.Value, 2) + Math.Pow(with.RowError.Value, 2)),
            with.StandardError!.Value,
            1e-12
        );
        Assert.Equal(without.SamplingError, without.StandardError);
    }

    [Fact]
    public void The_sampling_error_is_the_spread_of_batch_means_and_chains_that_disagree_widen_it()
    {
        // Batches of two draws: means 3, 5 and 2, 6 about 4; √((1 + 1 + 4 + 4)/3/4), times nβ = 10; roundings of float64.
        LearningCoefficient estimate = LearningCoefficient.Estimate(
            [
                [2, 4, 4, 6],
                [1, 3, 5, 7],
            ],
            1,
            10
        );
        Assert.Equal(10 * Math.Sqrt(10.0 / 3 / 4), estimate.SamplingError!.Value, 1e-12);
        Assert.Equal(3, estimate.SamplingDegreesOfFreedom);
        LearningCoefficient apart = LearningCoefficient.Estimate(
            [
                [2, 4, 4, 6],
                [11, 13, 15, 17],
            ],
            1,
            10
        );
        Assert.True(apart.SamplingError > 2 * estimate.SamplingError);
    }

    [Fact]
    public void A_single_draw_has_a_value_and_no_error()
    {
        LearningCoefficient estimate = LearningCoefficient.Estimate(
            [
                [3],
            ],
            1,
            10
        );
        Assert.Equal(20, estimate.Value);
        Assert.Null(estimate.StandardError);
        Assert.Null(estimate.SamplingError);
    }

    [Fact]
    public void Stopped_chains_are_left_out_and_a_run_without_healthy_ones_has_no_coefficient()
    {
        FunctionSurface evaluated = new(1, [0], (chain, draw, w, _) => w[0] == 0 ? 1
            : chain == 0 && draw == 3 ? double.NaN
            : 2 + chain);
        ComponentReport report = TestRun.Sample(
            TestRun.Quadratic(1),
            new SamplingOptions
            {
                NBeta = 30,
                Chains = 3,
                Draws = 5,
            },
            evaluated
        );
        Assert.Equal(30 * (3.5 - 1), LearningCoefficient.Estimate(report).Value, 1e-12);
        ComponentReport none = report with
        {
            Failures = [.. Enumerable.Range(0, 3).Select(chain => new ChainFailure("full", chain, 0, 0, "it failed"))],
        };
        Assert.Contains(
            "chain 0 of full was stopped",
            Assert.Throws<InputException>(() => LearningCoefficient.Estimate(none)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Intervals_of_two_standard_errors_cover_the_truth_as_often_as_they_should()
    {
        // 100 independent runs, correlated draws (integrated autocorrelation time 4.6). A normal interval of 1.96 covers 95 of 100 with
        // a standard deviation of 2.2; four of those below is 86.
        SamplingOptions options = new()
        {
            StepSize = 0.004,
            NBeta = 100,
            Localization = 0,
            Chains = 4,
            Draws = 1000,
            BurnIn = 50,
        };
        double truth = QuadraticTruth.Of(TestRun.Quadratic(1), options).Stationary();
        int covered = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            LearningCoefficient estimate = LearningCoefficient.Estimate(TestRun.Sample(TestRun.Quadratic(1), options with { Seed = seed }));
            covered += Math.Abs(estimate.Value - truth) < 1.96 * estimate.StandardError!.Value ? 1 : 0;
        }

        Assert.InRange(covered, 86, 100);
    }

    [Fact]
    public void The_standard_error_is_the_exact_one_on_average()
    {
        // Batch means of 1000 draws in batches of about √1000 miss up to a tenth of the error; 100 runs average the rest to below 2 %.
        SamplingOptions options = new()
        {
            StepSize = 0.004,
            NBeta = 100,
            Localization = 0,
            Chains = 4,
            Draws = 1000,
            BurnIn = 50,
        };
        double exact = QuadraticTruth.Of(TestRun.Quadratic(1), options).StandardError();
        double mean = Enumerable
            .Range(0, 100)
            .Average(seed =>
                LearningCoefficient.Estimate(TestRun.Sample(TestRun.Quadratic(1), options with { Seed = seed })).StandardError!.Value
            );
        Assert.InRange(mean, 0.88 * exact, 1.12 * exact);
    }
}
