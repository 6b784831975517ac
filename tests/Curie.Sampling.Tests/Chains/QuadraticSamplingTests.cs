using Curie.Sampling.Chains;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Chains;

/// <summary>
/// Chains on quadratics against the exact discrete-time value. Tolerance: 4 standard errors, computed from the exact autocorrelation
/// (stationary runs) or from the scatter of independent chains (transient ones). Seeded, so each test either always passes or never.
/// </summary>
public sealed class QuadraticSamplingTests
{
    private const double StandardErrors = 4;

    [Theory]
    [InlineData(0.001, 0, 100_000)]
    [InlineData(0.01, 10, 20_000)]
    public void One_mode_has_the_exact_stationary_loss_and_not_that_of_continuous_time(double step, double localization, int draws)
    {
        SamplingOptions options = new()
        {
            StepSize = step,
            NBeta = 144.76,
            Localization = localization,
            Chains = 4,
            Draws = draws,
            BurnIn = 500,
        };
        QuadraticTruth truth = QuadraticTruth.Of(TestRun.Quadratic(1), options);
        Assert.True(truth.Stationary() - truth.ContinuousTime() > StandardErrors * truth.StandardError());
        AssertStationary(TestRun.Quadratic(1), options);
    }

    [Fact]
    public void Coupled_modes_have_the_exact_stationary_loss() =>
        AssertStationary(new QuadraticSurface([2, 1, 1, 2], [0, 0], [0, 0]), Coupled);

    [Fact]
    public void A_masked_coordinate_has_its_own_exact_stationary_loss()
    {
        QuadraticSurface surface = new([2, 1, 1, 2], [0, 0], [0, 0]);
        QuadraticTruth truth = QuadraticTruth.Of(surface, Coupled, coordinates: [0]);
        AssertNear(truth.Stationary(), truth.StandardError(), TestRun.Sample(new CoordinateSubset(surface, [0]), Coupled));
    }

    [Fact]
    public void Draws_further_apart_have_the_same_loss_and_the_smaller_error_of_their_spacing()
    {
        SamplingOptions options = Coupled with { Draws = 4000, StepsBetweenDraws = 10 };
        QuadraticSurface surface = new([2, 1, 1, 2], [0, 0], [0, 0]);
        Assert.True(
            QuadraticTruth.Of(surface, options).StandardError()
                < QuadraticTruth.Of(surface, options with { StepsBetweenDraws = 1 }).StandardError()
        );
        AssertStationary(surface, options);
    }

    [Fact]
    public void Minibatch_noise_heats_the_chain_by_the_exact_amount()
    {
        SamplingOptions options = new()
        {
            StepSize = 0.005,
            NBeta = 100,
            Localization = 0,
            Chains = 4,
            Draws = 10_000,
            BurnIn = 200,
        };
        QuadraticSurface surface = TestRun.Quadratic(1);
        QuadraticTruth truth = QuadraticTruth.Of(surface, options, gradientNoiseVariance: 1);
        AssertNear(
            truth.Stationary(),
            truth.StandardError(),
            TestRun.Sample(new MinibatchNoise(surface, 1, 5, TestRun.Kernels), options, surface)
        );
    }

    [Theory]
    [InlineData(10, 4000)]
    [InlineData(200, 400)]
    public void Without_burn_in_the_average_is_the_exact_transient_one(int draws, int chains)
    {
        SamplingOptions options = new()
        {
            StepSize = 0.001,
            NBeta = 30,
            Localization = 300,
            Chains = chains,
            Draws = draws,
        };
        (double value, double error) = TestRun.OverChains(TestRun.Sample(TestRun.Quadratic(1), options));
        double exact = QuadraticTruth.Of(TestRun.Quadratic(1), options).OverDraws();
        Assert.InRange(value, exact - (StandardErrors * error), exact + (StandardErrors * error));
    }

    [Fact]
    public void A_start_away_from_the_minimum_gives_the_exact_negative_coefficient()
    {
        SamplingOptions options = new()
        {
            StepSize = 0.001,
            NBeta = 50,
            Localization = 20,
            Chains = 4,
            Draws = 10_000,
            BurnIn = 500,
        };
        QuadraticSurface surface = TestRun.Quadratic(2, minimum: 0.3);
        Assert.True(QuadraticTruth.Of(surface, options).Stationary() < -3.9);
        AssertStationary(surface, options);
    }

    [Fact]
    public void A_prior_around_zero_pulls_by_the_exact_amount()
    {
        // U = 50·½·2(w − 0.3)² + 10(w − 1)² + 15w²: a = 150, mean (30 + 20)/150 = 1/3, where SGLD's variance is 1/(150·(1 − 0.0375)).
        SamplingOptions options = new()
        {
            StepSize = 0.001,
            NBeta = 50,
            Localization = 20,
            WeightDecay = 30,
            Chains = 4,
            Draws = 10_000,
            BurnIn = 500,
        };
        QuadraticSurface surface = new([2], [0.3], [1]);
        double variance = 1 / (150 * (1 - 0.0375));
        Assert.Equal(50 * (Math.Pow((1 / 3.0) - 0.3, 2) + variance - 0.49), QuadraticTruth.Of(surface, options).Stationary(), 1e-5);
        AssertStationary(surface, options);
        AssertStationary(surface, options with { Localization = 0 });
    }

    [Theory]
    [InlineData("sgld", 0)]
    [InlineData("sgld", 40)]
    [InlineData("sgnht", 40)]
    public void Without_the_loss_the_distance_is_that_of_localization_and_prior(string samplerName, double decay)
    {
        Sampler sampler = Sampler.Parse(samplerName);
        SamplingOptions options = new()
        {
            Sampler = sampler,
            StepSize = 0.002,
            NBeta = 0,
            Localization = 50,
            WeightDecay = decay,
            Chains = 1000,
            Draws = 1,
            BurnIn = 300,
        };
        ComponentReport report = TestRun.Sample(new QuadraticSurface([1], [0], [0.5f]), options);
        double expected = Math.Pow(options.LocalizationDistance(1, 0.5)!.Value, 2);
        double[] squares = [.. report.Distances.Select(distance => distance * distance)];
        double mean = squares.Average();
        double error = Math.Sqrt(squares.Sum(square => (square - mean) * (square - mean)) / squares.Length / squares.Length);
        Assert.Equal(0.5, report.OriginNorm);
        Assert.InRange(mean, expected - (StandardErrors * error), expected + (StandardErrors * error));
    }

    [Fact]
    public void With_nbeta_zero_only_localization_shapes_the_chain()
    {
        SamplingOptions options = new()
        {
            StepSize = 0.002,
            NBeta = 0,
            Localization = 50,
            Chains = 2000,
            Draws = 1,
            BurnIn = 300,
        };
        ComponentReport report = TestRun.Sample(TestRun.Quadratic(1), options);
        double[] squares = [.. report.Distances.Select(distance => distance * distance)];

        // One Gaussian coordinate per chain: w² has mean v = localisation distance², variance 2v².
        double expected = Math.Pow(options.LocalizationDistance(1)!.Value, 2);
        double tolerance = StandardErrors * expected * Math.Sqrt(2.0 / squares.Length);
        Assert.InRange(squares.Average(), expected - tolerance, expected + tolerance);
    }

    private static SamplingOptions Coupled =>
        new()
        {
            StepSize = 0.001,
            NBeta = 100,
            Localization = 10,
            Chains = 4,
            Draws = 20_000,
            BurnIn = 500,
        };

    private static void AssertStationary(QuadraticSurface surface, SamplingOptions options)
    {
        QuadraticTruth truth = QuadraticTruth.Of(surface, options);
        AssertNear(truth.Stationary(), truth.StandardError(), TestRun.Sample(surface, options));
    }

    private static void AssertNear(double expected, double standardError, ComponentReport report)
    {
        (double value, _) = TestRun.OverChains(report);
        Assert.InRange(value, expected - (StandardErrors * standardError), expected + (StandardErrors * standardError));
    }
}
