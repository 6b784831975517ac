using Curie.Sampling.Chains;
using Curie.Sampling.Samplers;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Samplers;

/// <summary>The thermostat on quadratics. Tolerance: 4 standard errors from the scatter of independent chains.</summary>
public sealed class ThermostatTests
{
    private static readonly SamplingOptions Options = new()
    {
        Sampler = Sampler.Sgnht,
        StepSize = 0.005,
        NBeta = 100,
        Localization = 0,
        Chains = 24,
        Draws = 1500,
        BurnIn = 1500,
        StepsBetweenDraws = 3,
    };

    [Fact]
    public void Without_gradient_noise_the_law_is_the_posterior_at_any_step()
    {
        // εa is 0.5, 1 and 3 in the three kinds of modes.
        double[] curvatures =
        [
            .. Enumerable
                .Range(0, 60)
                .Select(i =>
                    i % 3 == 0 ? 1.0
                    : i % 3 == 1 ? 2
                    : 6
                ),
        ];
        QuadraticSurface surface = Diagonal(curvatures);
        QuadraticTruth truth = QuadraticTruth.Of(surface, Options);
        Assert.Equal(30, truth.ContinuousTime(), 1e-12);
        Assert.Equal(30, truth.Thermostat(), 1e-9);
        Assert.True(truth.Stationary() > 40);
        AssertNear(30, TestRun.Sample(surface, Options));
    }

    [Theory]
    [InlineData(0.002)]
    [InlineData(0.01)]
    public void Gradient_noise_that_heats_SGLD_is_cooled_away(double noise)
    {
        // The kick's variance is ε(nβ)²s² = 0.1 and 0.5; SGLD's posterior would have 1/(1 − εa/4) and 1 + 0.025, 1.125 besides.
        QuadraticSurface surface = Diagonal([.. Enumerable.Repeat(1.0, 40)]);
        QuadraticTruth truth = QuadraticTruth.Of(surface, Options, noise);
        MinibatchNoise noisy = new(surface, noise, 5, TestRun.Kernels);
        AssertNear(truth.Thermostat(), TestRun.Sample(noisy, Options, surface));
        (double cold, double coldError) = TestRun.OverChains(TestRun.Sample(noisy, Options, surface));
        (double hot, double hotError) = TestRun.OverChains(TestRun.Sample(noisy, Options with { Sampler = Sampler.Sgld }, surface));
        Assert.InRange(cold, (20 * 0.97) - (4 * coldError), 20 + (4 * coldError));
        Assert.True(hot - (4 * hotError) > 20 * 1.1, $"{hot} ± {hotError}");
    }

    [Fact]
    public void Few_dimensions_whose_friction_fluctuates_have_the_posterior_too()
    {
        QuadraticSurface surface = new([2, 1, 1, 2], [0, 0], [0, 0]);
        AssertNear(QuadraticTruth.Of(surface, Options).ContinuousTime(), TestRun.Sample(surface, Options));
    }

    [Fact]
    public void A_start_off_the_minimum_and_a_prior_give_the_exact_mean()
    {
        SamplingOptions options = Options with { NBeta = 50, Localization = 20, WeightDecay = 10 };
        QuadraticSurface surface = new([2], [0.3], [1]);
        AssertNear(QuadraticTruth.Of(surface, options).Thermostat(), TestRun.Sample(surface, options));
    }

    [Fact]
    public void At_another_noise_level_the_temperature_is_its_square()
    {
        QuadraticSurface surface = Diagonal([.. Enumerable.Repeat(1.0, 20)]);
        AssertNear(10 * 0.25, TestRun.Sample(surface, Options with { NoiseLevel = 0.5 }));
    }

    [Fact]
    public void Friction_that_stands_at_its_start_would_be_found_out()
    {
        // A thermostat that hardly moves leaves the noise's heat in: N/(2α) = 2.5 times the temperature.
        QuadraticSurface surface = Diagonal([.. Enumerable.Repeat(1.0, 40)]);
        MinibatchNoise noisy = new(surface, 0.01, 5, TestRun.Kernels);
        SamplingOptions stuck = Options with
        {
            Thermostat = new() { Rate = 1e-9 },
            Chains = 8,
            Draws = 300,
        };
        Assert.True(TestRun.OverChains(TestRun.Sample(noisy, stuck, surface)).Value > 2 * 20);
    }

    [Theory]
    [InlineData(-0.5)]
    [InlineData(-1e-4)]
    [InlineData(0)]
    [InlineData(1e-5)]
    [InlineData(1e-4)]
    [InlineData(2)]
    public void The_refreshed_share_is_smooth_through_zero_friction(double friction)
    {
        // (1 − e^{−2ζ})/ζ = 2·Σ (−2ζ)ᵏ/(k + 1)!.
        double sum = 0;
        double term = 2;
        for (int k = 0; k < 40; k++)
        {
            sum += term;
            term *= -2 * friction / (k + 2);
        }

        Assert.Equal(sum, ThermostatRule.FreshShare(friction), 1e-10);
    }

    private static void AssertNear(double expected, ComponentReport report)
    {
        (double value, double error) = TestRun.OverChains(report);
        Assert.InRange(value, expected - (4 * error), expected + (4 * error));
        Assert.InRange(error, 0, 0.03 * Math.Abs(expected));
    }

    private static QuadraticSurface Diagonal(double[] curvatures)
    {
        double[] hessian = new double[curvatures.Length * curvatures.Length];
        for (int i = 0; i < curvatures.Length; i++)
        {
            hessian[i * (curvatures.Length + 1)] = curvatures[i];
        }

        return new QuadraticSurface(hessian, new double[curvatures.Length], new float[curvatures.Length]);
    }
}
