using Curie.Response.Agreement;
using Curie.Sampling;

namespace Curie.Response.Tests.Agreement;

/// <summary>What a step makes of a covariance, and what is then expected of a slope.</summary>
public sealed class ExpectedSlopeTests
{
    private static readonly SamplingOptions Sampling = new()
    {
        StepSize = 1e-3,
        Localization = 300,
        NBeta = 10,
    };

    /// <summary>
    /// From the variance of the recursion w ← (1 − εa/2)·w + √ε·η alone: responses are its derivatives with a, covariances its powers.
    /// </summary>
    [Theory]
    [InlineData(300)]
    [InlineData(900)]
    [InlineData(1900)]
    public void Factors_are_those_of_the_chains_own_variance(double stiffness)
    {
        double derivative = (Variance(stiffness + 1e-3) - Variance(stiffness - 1e-3)) / 2e-3;
        Assert.Equal(
            stiffness * Variance(stiffness),
            DiscretizationFactor.Of(CovarianceEstimator.Product, Sampling, stiffness, quadratic: false),
            1e-12
        );
        Assert.Equal(
            Math.Pow(stiffness * Variance(stiffness), 2),
            DiscretizationFactor.Of(CovarianceEstimator.Product, Sampling, stiffness, quadratic: true),
            1e-12
        );
        Assert.Equal(1, DiscretizationFactor.Of(CovarianceEstimator.Response, Sampling, stiffness, quadratic: false));
        Assert.Equal(
            -stiffness * stiffness * derivative,
            DiscretizationFactor.Of(CovarianceEstimator.Response, Sampling, stiffness, quadratic: true),
            1e-6
        );

        static double Variance(double a) => 1e-3 / (1 - Math.Pow(1 - (1e-3 * a / 2), 2));
    }

    [Fact]
    public void A_step_that_is_not_stable_has_no_factor_and_a_thermostat_no_effect_of_the_step()
    {
        Assert.Equal(double.NaN, DiscretizationFactor.Of(CovarianceEstimator.Product, Sampling, 4000, quadratic: false));
        Assert.Equal(
            1,
            DiscretizationFactor.Of(CovarianceEstimator.Product, Sampling with { Sampler = Sampler.Sgnht }, 4000, quadratic: true)
        );
    }

    /// <summary>
    /// 1/(1 − .075) of linear losses that localisation holds to 1/(1 − .2) of quadratic ones at stiffness 400; to no limit where the step
    /// alone limits.
    /// </summary>
    [Fact]
    public void A_product_on_a_response_lies_between_its_linear_and_its_quadratic_factor()
    {
        ComparedRun response = Run(CovarianceEstimator.Response, Sampling);
        ComparedRun product = Run(CovarianceEstimator.Product, Sampling);
        AssertRange(1 / 0.925, 1 / 0.8, ExpectedSlope.Of(response, product, 400));
        AssertRange(1 / 0.925, double.PositiveInfinity, ExpectedSlope.Of(response, product, double.PositiveInfinity));
    }

    [Fact]
    public void Runs_that_measure_alike_have_slope_1_and_products_of_two_steps_the_quotient_of_theirs()
    {
        ComparedRun product = Run(CovarianceEstimator.Product, Sampling);
        AssertRange(1, 1, ExpectedSlope.Of(product, product, double.PositiveInfinity));
        ComparedRun fine = Run(CovarianceEstimator.Product, Sampling with { StepSize = 1e-4 });
        AssertRange(0.9925 / 0.925, Math.Pow(0.9925 / 0.925, 2), ExpectedSlope.Of(fine, product, 300));
    }

    [Fact]
    public void Deviations_are_counted_from_the_ends_of_the_range()
    {
        ExpectedSlope range = new(1.1, 1.2);
        Assert.Equal(0, range.Z(1.15, 0.01, 5));
        Assert.Equal(2, range.Z(1.22, 0.01, double.PositiveInfinity), 1e-9);
        Assert.Equal(-2, range.Z(1.08, 0.01, double.PositiveInfinity), 1e-9);
        Assert.InRange(range.Z(1.22, 0.01, 3), 1.4, 1.6);
        Assert.Equal(double.NaN, range.Z(1.15, double.NaN, double.NaN));
    }

    /// <summary>
    /// One direction of curvature h: φ = ½hw², w of variance 1/a, a = κ + nβh. Its standard deviation h/(√2·a) gives back a exactly.
    /// </summary>
    [Fact]
    public void The_scatter_of_one_directions_loss_gives_its_stiffness()
    {
        double stiffness = 300 + (10 * 7.0);
        Assert.Equal(stiffness, StiffnessLimit.Of(Sampling, 7 / (Math.Sqrt(2) * stiffness)), 1e-9);
        Assert.Equal(double.PositiveInfinity, StiffnessLimit.Of(Sampling, 0.1));
        Assert.Equal(300, StiffnessLimit.Of(Sampling with { NBeta = 0 }, 0.1));
    }

    private static ComparedRun Run(CovarianceEstimator estimator, SamplingOptions sampling) =>
        KnownCovariance.Run(estimator, 1, 1, 1, 2, 1, sampling);

    private static void AssertRange(double low, double high, ExpectedSlope range)
    {
        Assert.Equal(low, range.Low, 1e-9);
        Assert.Equal(high, range.High, 1e-9);
    }
}
