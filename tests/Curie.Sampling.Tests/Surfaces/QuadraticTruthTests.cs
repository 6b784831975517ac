using Curie.Numerics;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Surfaces;

/// <summary>The exact formulas against published digits and against recursions of the moments, which share no code with them.</summary>
public sealed class QuadraticTruthTests
{
    /// <summary>Half a unit of the last digit that the tables print.</summary>
    private const double PrintedDigits = 5.1e-7;

    [Theory]
    [InlineData(0.001, 144.76, 1, 0, 0.518774)]
    [InlineData(0.01, 144.76, 1, 10, 0.762831)]
    [InlineData(0.001, 30, 1, 300, 0.049542)]
    public void Stationary_value_of_one_mode_has_the_tables_digits(
        double step,
        double nbeta,
        double h,
        double localization,
        double expected
    )
    {
        SamplingOptions options = new()
        {
            StepSize = step,
            NBeta = nbeta,
            Localization = localization,
        };
        Assert.Equal(expected, QuadraticTruth.Of(TestRun.Quadratic(h), options).Stationary(), PrintedDigits);
    }

    [Fact]
    public void Coupled_modes_and_a_masked_one_have_the_tables_digits()
    {
        QuadraticSurface surface = new([2, 1, 1, 2], [0, 0], [0, 0]);
        SamplingOptions options = new()
        {
            StepSize = 0.001,
            NBeta = 100,
            Localization = 10,
        };
        Assert.Equal(0.991920, QuadraticTruth.Of(surface, options).Stationary(), PrintedDigits);
        Assert.Equal(0.938416, QuadraticTruth.Of(surface, options).ContinuousTime(), PrintedDigits);
        Assert.Equal(0.502576, QuadraticTruth.Of(surface, options, coordinates: [0]).Stationary(), PrintedDigits);
        Assert.Equal(0.476190, QuadraticTruth.Of(surface, options, coordinates: [0]).ContinuousTime(), PrintedDigits);
    }

    [Fact]
    public void Minibatch_noise_heats_the_chain_by_the_tables_amount()
    {
        SamplingOptions options = new()
        {
            StepSize = 0.005,
            NBeta = 100,
            Localization = 0,
        };
        Assert.Equal(0.571429, QuadraticTruth.Of(TestRun.Quadratic(1), options).Stationary(), PrintedDigits);
        Assert.Equal(7.714286, QuadraticTruth.Of(TestRun.Quadratic(1), options, gradientNoiseVariance: 1).Stationary(), PrintedDigits);
    }

    [Theory]
    [InlineData(10, 0.038443)]
    [InlineData(200, 0.048971)]
    public void Average_over_the_first_draws_without_burn_in_has_the_tables_digits(int draws, double expected)
    {
        SamplingOptions options = new()
        {
            StepSize = 0.001,
            NBeta = 30,
            Localization = 300,
            Draws = draws,
        };
        Assert.Equal(expected, QuadraticTruth.Of(TestRun.Quadratic(1), options).OverDraws(), PrintedDigits);
    }

    [Fact]
    public void Start_away_from_the_minimum_gives_the_tables_negative_value()
    {
        SamplingOptions options = new()
        {
            StepSize = 0.001,
            NBeta = 50,
            Localization = 20,
        };
        Assert.Equal(-3.94545, QuadraticTruth.Of(TestRun.Quadratic(2, minimum: 0.3), options).Stationary(), 5.1e-6);
    }

    [Fact]
    public void Average_over_draws_equals_the_recursion_of_mean_and_variance()
    {
        // One mode with every term present: drift, transient, burn-in, spacing, injected and minibatch noise.
        SamplingOptions options = new()
        {
            StepSize = 0.004,
            NBeta = 40,
            Localization = 15,
            NoiseLevel = 0.7,
            Draws = 9,
            BurnIn = 3,
            StepsBetweenDraws = 2,
        };
        const double H = 1.5,
            M = 0.2,
            Noise = 0.3;
        double mean = 0,
            variance = 0,
            sum = 0;
        for (int update = 1; update <= options.UpdatesPerChain; update++)
        {
            mean -= 0.002 * ((40 * H * (mean - M)) + (15 * mean));
            double factor = 1 - (0.002 * ((40 * H) + 15));
            variance = (factor * factor * variance) + (0.004 * 0.49) + (0.08 * 0.08 * Noise);
            if (update > 3 && (update - 3) % 2 == 0)
            {
                sum += 40 * 0.5 * H * (variance + ((mean - M) * (mean - M)) - (M * M));
            }
        }

        // Both are a few hundred roundings of float64; 1e-12 relative is the bound for deterministic identities.
        double truth = QuadraticTruth.Of(TestRun.Quadratic(H, M), options, Noise).OverDraws();
        Assert.Equal(sum / 9, truth, 1e-12 * Math.Abs(truth));
    }

    [Fact]
    public void Standard_error_has_the_worked_examples_digits()
    {
        SamplingOptions options = new()
        {
            StepSize = 0.001,
            NBeta = 144.765,
            Localization = 0,
            Chains = 8,
            Draws = 1000,
        };
        Assert.Equal(0.02995, QuadraticTruth.Of(TestRun.Quadratic(1), options).StandardError(), 5e-6);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(1, 4000)]
    public void Modes_without_a_stationary_law_are_refused(double curvature, double nbeta)
    {
        SamplingOptions options = new()
        {
            StepSize = 1e-3,
            NBeta = nbeta,
            Localization = 0,
        };
        Assert.Throws<InputException>(() => QuadraticTruth.Of(TestRun.Quadratic(curvature), options));
    }
}
