using Curie.Numerics;
using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Samplers;

/// <summary>
/// The Metropolis-adjusted chain: exact at steps that SGLD distorts. Tolerance: 4 standard errors from the scatter of independent chains.
/// </summary>
public sealed class MetropolisTests
{
    private static readonly SamplingOptions Options = new()
    {
        Sampler = Sampler.Mala,
        StepSize = 0.01,
        NBeta = 144.76,
        Localization = 10,
        Chains = 40,
        Draws = 1000,
        BurnIn = 200,
    };

    [Fact]
    public void A_step_that_distorts_SGLD_leaves_the_posterior()
    {
        QuadraticTruth truth = QuadraticTruth.Of(TestRun.Quadratic(1), Options);
        Assert.True(truth.Stationary() > 1.6 * truth.ContinuousTime());
        AssertNear(truth.ContinuousTime(), TestRun.Sample(TestRun.Quadratic(1), Options));
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 100)]
    [InlineData(3, 0)]
    public void A_surface_that_is_no_quadratic_has_its_posterior(double power, double localization)
    {
        SamplingOptions options = Options with { StepSize = 0.03, Localization = localization };
        double Loss(double w) => Options.NBeta / 2 * Math.Pow(Math.Abs(w), power);
        double exact = localization == 0 ? 1 / power : LineLaw.Posterior(w => Loss(w) + (localization * w * w / 2)).Mean(Loss);
        AssertNear(exact, TestRun.Sample(new MonomialSurface([power]), options));
    }

    [Fact]
    public void Walls_that_reject_leave_the_uniform_prior() =>
        AssertNear(
            0.387277,
            TestRun.Sample(
                new CrossingSurface(1000, 1, 1),
                Options with
                {
                    StepSize = 0.01,
                    NBeta = 1,
                    Localization = 0,
                    BoxRadius = 1,
                    BurnIn = 2000,
                    StepsBetweenDraws = 40,
                }
            ),
            largest: 0.05
        );

    [Fact]
    public void A_proposal_whose_loss_is_infinite_is_not_made()
    {
        // Beyond 0.1 the loss is infinite: the law is uniform inside, and no chain is stopped.
        FunctionSurface wall = new(1, [0], (_, _, w, g) =>
        {
            g[0] = 0;
            return Math.Abs(w[0]) < 0.1 ? 0 : double.PositiveInfinity;
        });
        FunctionSurface square = new(1, [0], (_, _, w, _) => w[0] * w[0]);
        SamplingOptions options = Options with { NBeta = 1, Localization = 0, StepsBetweenDraws = 4 };
        AssertNear(0.01 / 3, TestRun.Sample(wall, options, square));
    }

    [Fact]
    public void The_rate_it_reports_is_the_share_of_moves_that_it_makes()
    {
        long moves = 0;
        float last = 0;
        FunctionSurface watched = new(1, [0], (_, _, w, _) =>
        {
            moves += w[0] != last ? 1 : 0;
            last = w[0];
            return 0;
        });
        SamplingOptions options = Options with { Chains = 1, Draws = 20_000 };
        ComponentReport report = TestRun.Sample(TestRun.Quadratic(1), options, watched);
        Assert.Equal(report.Acceptance[0]!.Value, moves / 20_000.0, 4 * Math.Sqrt(0.25 / 20_000));
    }

    [Fact]
    public void Surfaces_with_minibatches_are_refused() =>
        Assert.Contains(
            "only those of minibatches",
            Assert
                .Throws<InputException>(() => TestRun.Sample(new MinibatchNoise(TestRun.Quadratic(1), 1, 1, TestRun.Kernels), Options))
                .Message,
            StringComparison.Ordinal
        );

    private static void AssertNear(double expected, ComponentReport report, double largest = 0.03)
    {
        Assert.Empty(report.Failures);
        (double value, double error) = TestRun.OverChains(report);
        Assert.InRange(value, expected - (4 * error), expected + (4 * error));
        Assert.InRange(error, 0, largest * expected);
    }
}
