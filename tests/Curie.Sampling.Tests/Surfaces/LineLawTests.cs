using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Surfaces;

/// <summary>
/// Laws on the line against closed forms and against figures made by an independent quadrature, given to the digits shown.
/// </summary>
public sealed class LineLawTests
{
    private const double NBeta = 144.7648;

    /// <summary>nβK = 579·w⁴ with γw²/2.</summary>
    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(1, 0.246518)]
    [InlineData(100, 0.074501)]
    public void A_localised_quartic_has_its_exact_loss(double localization, double expected)
    {
        LineLaw law = LineLaw.Posterior(w => (579 * Math.Pow(w, 4)) + (localization * w * w / 2));
        Assert.Equal(expected, law.Mean(w => 579 * Math.Pow(w, 4)), 5e-7);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_monomial_has_one_over_its_power_at_every_nbeta(double power)
    {
        foreach (double nbeta in new[] { 1e-2, 1, 1e4 })
        {
            double Loss(double w) => nbeta / 2 * Math.Pow(Math.Abs(w), power);

            // The trapezoidal error of |w|³, h⁴ over a grid of some thousand points, is the largest.
            Assert.Equal(1 / power, LineLaw.Posterior(Loss).Mean(Loss), 1e-8);
        }
    }

    [Theory]
    [InlineData(2, 0.518775)]
    [InlineData(4, 0.252201)]
    [InlineData(8, 0.125765)]
    public void A_chain_with_a_finite_step_has_its_exact_stationary_loss(double power, double expected)
    {
        double Loss(double w) => NBeta / 2 * Math.Pow(Math.Abs(w), power);
        LineLaw law = LineLaw.Stationary(Loss, w => NBeta / 2 * power * Math.CopySign(Math.Pow(Math.Abs(w), power - 1), w), 0.001)!;
        Assert.Equal(expected, law.Mean(Loss), 1e-6);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(1)]
    [InlineData(3)]
    public void On_a_quadratic_the_stationary_law_is_the_known_gaussian(double step)
    {
        LineLaw law = LineLaw.Stationary(w => w * w / 2, w => w, step)!;
        double variance = 1 / (1 - (step / 4));

        // The grid ends at e⁻⁶⁰ of the posterior, which at the largest step is e⁻¹⁵ of the chain's law: 1e-6 of its second moment.
        Assert.Equal(variance, law.Mean(w => w * w), 1e-4 * step * variance);
        Assert.Equal(0, law.Mean(w => w), 1e-9);
    }

    [Fact]
    public void A_step_that_is_too_small_to_matter_has_no_law_of_its_own() => Assert.Null(LineLaw.Stationary(w => w * w / 2, w => w, 1e-5));

    /// <summary>t²Cov(x², x) and t²κ₃ of (λ, α, κ).</summary>
    [Theory]
    [InlineData(1, 0.5, 1, 10, -0.835860, -0.393885)]
    [InlineData(1, 0.5, 1, 100, -0.981392, -0.487694)]
    [InlineData(1, 0.5, 1, 1000, -0.998117, -0.498752)]
    [InlineData(1, 0.5, 1, 10000, -0.999811, -0.499875)]
    [InlineData(2, 1, 1, 1000, -0.249931, -0.124953)]
    public void An_anharmonic_well_has_its_exact_third_moments(
        double lambda,
        double alpha,
        double kappa,
        double t,
        double covariance,
        double cumulant
    )
    {
        AnharmonicSurface surface = new(lambda, alpha, kappa);
        LineLaw law = LineLaw.Posterior(x => t * surface.Potential(x));
        double mean = law.Mean(x => x);
        double square = law.Mean(x => x * x);
        Assert.Equal(covariance, t * t * (law.Mean(x => x * x * x) - (square * mean)), 1e-6);
        Assert.Equal(cumulant, t * t * law.Mean(x => Math.Pow(x - mean, 3)), 1e-6);
    }
}
