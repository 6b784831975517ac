using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Samplers;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Diagnostics;

/// <summary>What pulls and acceptance rates say. Tolerance: 4 standard errors over independent chains.</summary>
public sealed class BasinTests
{
    private static readonly SamplingOptions Settled = new()
    {
        StepSize = 0.004,
        NBeta = 100,
        Localization = 10,
        Chains = 20,
        Draws = 400,
        BurnIn = 100,
        StepsBetweenDraws = 4,
    };

    [Fact]
    public void On_a_quadratic_the_temperature_is_what_the_step_adds_and_the_loss_grows_as_a_square()
    {
        QuadraticSurface surface = new([2, 1, 1, 2], [0, 0], [0, 0]);
        ComponentReport report = TestRun.Sample(surface, Settled);
        BasinStatistics basin = BasinStatistics.Of(report)!;

        // a = 310 and 110.
        double expected = ((1 / (1 - (0.004 * 310 / 4))) + (1 / (1 - (0.004 * 110 / 4)))) / 2;
        Assert.InRange(
            basin.Temperature!.Value.Mean,
            expected - (4 * basin.Temperature.Value.StandardError),
            expected + (4 * basin.Temperature.Value.StandardError)
        );
        Assert.InRange(basin.Temperature.Value.StandardError, 0, 0.02);
        Assert.Equal(2, basin.GrowthExponent!.Value, 0.05);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void A_homogeneous_loss_grows_with_its_degree(double power)
    {
        // Numerator and denominator see almost the same draws, so their quotient is far better known than either.
        ComponentHealth health = ComponentHealth.Of(
            TestRun.Sample(new MonomialSurface([power, power]), Settled with { Localization = 0, Draws = 1000, BurnIn = 1000 })
        );
        Assert.Equal(power, health.GrowthExponent!.Value, 0.1);
        Assert.Equal(1, health.Temperature!.Value, 0.1);
    }

    [Fact]
    public void Chains_on_a_plateau_below_the_null_line_have_left_the_basin()
    {
        ComponentHealth health = ComponentHealth.Of(TestRun.Sample(Well(width: 0.2), Settled, nullLine: 8));
        Verdict verdict = Assert.Single(health.Verdicts, verdict => verdict.Kind == VerdictKind.LeftBasin);
        Assert.Contains("have left the checkpoint's basin: raise localization, or lower nbeta", verdict.Sentence, StringComparison.Ordinal);
        Assert.InRange(health.GrowthExponent!.Value, 0, 0.5);
        Assert.True(health.MeanLoss.Average() < 8);

        // The temperature is that of the law on the plateau, which is a law like any other.
        Assert.Equal(1, health.Temperature!.Value, 0.05);
    }

    [Fact]
    public void Chains_inside_the_same_well_have_not() =>
        Assert.DoesNotContain(ComponentHealth.Of(TestRun.Sample(Well(width: 6), Settled, nullLine: 8)).Verdicts, verdict =>
            verdict.Kind == VerdictKind.LeftBasin
        );

    [Theory]
    [InlineData("sgld", true)]
    [InlineData("sgnht", false)]
    public void Minibatch_noise_that_heats_is_named_and_a_thermostat_cures_it(string samplerName, bool hot)
    {
        Sampler sampler = Sampler.Parse(samplerName);
        // ε(nβ)²s² = 0.8: SGLD is hotter by 1 + 0.2, and by 1/(1 − 0.1) for its step.
        double[] identity = new double[900];
        for (int i = 0; i < 30; i++)
        {
            identity[31 * i] = 1;
        }

        QuadraticSurface surface = new(identity, new double[30], new float[30]);
        MinibatchNoise noisy = new(surface, 0.02, 5, TestRun.Kernels);
        ComponentHealth health = ComponentHealth.Of(TestRun.Sample(noisy, Settled with { Sampler = sampler, BurnIn = 1000 }, surface));
        Assert.Equal(hot, health.Verdicts.Any(verdict => verdict.Kind == VerdictKind.Overheated));
        Assert.Equal(hot ? 1.2 / (1 - 0.11) : 0.95, health.Temperature!.Value, 0.05);
    }

    [Fact]
    public void A_coefficient_above_that_of_every_minimum_is_named()
    {
        // The known reading of this noise is 7.714 in one dimension.
        SamplingOptions options = new()
        {
            StepSize = 0.005,
            NBeta = 100,
            Localization = 0,
            Chains = 10,
            Draws = 1000,
            BurnIn = 200,
        };
        ComponentHealth health = ComponentHealth.Of(
            TestRun.Sample(new MinibatchNoise(TestRun.Quadratic(1), 1, 5, TestRun.Kernels), options, TestRun.Quadratic(1))
        );
        Assert.Contains(health.Verdicts, verdict =>
            verdict.Kind == VerdictKind.AboveEveryMinimum && verdict.Sentence.Contains("half of the 1 dimensions", StringComparison.Ordinal)
        );
        Assert.Contains(health.Verdicts, verdict => verdict.Kind == VerdictKind.Overheated);
        Assert.Equal(2, health.GrowthExponent!.Value, 0.1);
    }

    [Fact]
    public void A_step_that_a_Metropolis_test_would_often_refuse_is_named()
    {
        // εa = 2; with a prior around 0 there is no temperature that would say it first.
        SamplingOptions options = Settled with { StepSize = 0.018, WeightDecay = 1 };
        ComponentHealth health = ComponentHealth.Of(TestRun.Sample(TestRun.Quadratic(1), options));
        Assert.Null(health.Temperature);
        Assert.Contains(health.Verdicts, verdict =>
            verdict.Kind == VerdictKind.StepTooLarge
            && verdict.Sentence.EndsWith("lower step_size, or enlarge batch_size.", StringComparison.Ordinal)
        );
        Assert.Equal(MalaRate.OfQuadratic(0.018 * 111, 1), health.MalaAcceptance!.Value, 0.02);
    }

    [Theory]
    [InlineData(0.01, 100, 1, 0.585139)]
    [InlineData(0.001, 100, 1, 0.980607)]
    [InlineData(0.001, 100, 2, 0.969937)]
    [InlineData(0.01, 100, 2, 0.538821)]
    public void The_rate_on_a_quadratic_has_its_closed_form(double step, double localization, int dimension, double rate) =>
        Assert.Equal(rate, MalaRate.OfQuadratic(step * ((2000 / Math.Log(1000)) + localization), dimension), 1e-6);

    [Theory]
    [InlineData(300_000)]
    [InlineData(3_000_000)]
    public void In_many_dimensions_the_rate_tends_to_a_half(int dimension)
    {
        // ∫(1 + b²t²)^{−d/2} dt/(1 + t²) ≈ ½√(2π/(d·b²)) for large d.
        double b = 0.16 / (4 * Math.Sqrt(0.4 - 0.04));
        Assert.Equal(0.5 + (Math.Sqrt(2 * Math.PI / dimension) / (2 * Math.PI * b)), MalaRate.OfQuadratic(0.4, dimension), 1e-5);
    }

    /// <summary>L = 1 − e^{−‖w‖²/(2·width²)} in 20 dimensions, where localisation alone gives ‖w‖ ≈ √2.</summary>
    private static FunctionSurface Well(double width) => new(20, new float[20], (_, _, w, g) =>
        {
            double square = w.Sum(x => (double)x * x);
            double depth = Math.Exp(-square / (2 * width * width));
            for (int i = 0; i < w.Length; i++)
            {
                g[i] = (float)(depth * w[i] / (width * width));
            }

            return 1 - depth;
        });
}
