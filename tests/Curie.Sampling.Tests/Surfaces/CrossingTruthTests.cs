using Curie.Numerics;
using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Tests.Surfaces;

/// <summary>Normal crossings against figures of an independent calculation, given to six digits.</summary>
public sealed class CrossingTruthTests
{
    [Theory]
    [InlineData(10, 0.290274)]
    [InlineData(100, 0.354204)]
    [InlineData(1e3, 0.390273)]
    [InlineData(1e6, 0.437543)]
    [InlineData(1e8, 0.451494)]
    public void The_bilinear_crossing_is_the_same_in_closed_form_and_by_quadrature(double a, double expected)
    {
        Assert.Equal(expected, CrossingTruth.Bilinear(a, 1), 6e-7);
        Assert.Equal(CrossingTruth.Bilinear(a, 1), CrossingTruth.Posterior(a, 1, 1, 1), 1e-8);
    }

    [Fact]
    public void Only_the_ratio_of_scale_and_localization_counts()
    {
        Assert.Equal(CrossingTruth.Bilinear(1000, 1), CrossingTruth.Bilinear(1000 * 25, 5), 1e-14);
        Assert.Equal(CrossingTruth.Posterior(1000, 2, 1, 1), CrossingTruth.Posterior(1000 * 125, 2, 1, 5), 1e-9);
        Assert.InRange(CrossingTruth.Bilinear(1e-4, 1), 0, 1e-3);
    }

    /// <summary>
    /// Far above the localisation's scale a tiny a leaves two Gaussians, whose step bias is known: E of a·x²y² grows by (1 − εγ/4)⁻².
    /// </summary>
    [Fact]
    public void The_step_bias_is_that_of_the_gaussian_where_the_crossing_hardly_matters()
    {
        const double a = 1e-6;
        const double localization = 10;
        const double step = 1e-3;
        Assert.Equal(
            2 * step * localization / 4,
            CrossingTruth.StepBias(a, 1, 1, localization, step) / CrossingTruth.Posterior(a, 1, 1, localization),
            1e-5
        );

        // Var(x²y²) = 8v⁴, which grows by (1 − εγ/4)⁻⁴.
        double variance = CrossingTruth.Variance(a, 1, 1, localization);
        Assert.Equal(8 * a * a / Math.Pow(localization, 4), variance, 1e-5 * variance);
        Assert.Equal(4 * step * localization / 4, CrossingTruth.VarianceStepBias(a, 1, 1, localization, step) / variance, 1e-5);
    }

    /// <summary>
    /// Var(nβK) = m − a·dm/da, m = nβE[K], as dE[K]/dnβ = −Var K. Central differences over a share of 10⁻³ are right to about 10⁻⁶.
    /// </summary>
    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public void The_variance_is_the_change_of_the_mean_with_the_inverse_temperature(double a)
    {
        double slope = (CrossingTruth.Bilinear(a * 1.001, 1) - CrossingTruth.Bilinear(a * 0.999, 1)) / 0.002;
        Assert.Equal(CrossingTruth.Bilinear(a, 1) - slope, CrossingTruth.Variance(a, 1, 1, 1), 1e-6);
    }

    [Theory]
    [InlineData(1, 1, 10, 0.265595)]
    [InlineData(1, 1, 1e2, 0.347762)]
    [InlineData(1, 1, 1e3, 0.387277)]
    [InlineData(1, 1, 1e4, 0.410505)]
    [InlineData(1, 1, 1e6, 0.436625)]
    [InlineData(1, 1, 1e8, 0.450942)]
    [InlineData(1, 2, 1e2, 0.204284)]
    [InlineData(1, 2, 1e3, 0.226197)]
    [InlineData(1, 2, 1e4, 0.237150)]
    [InlineData(1, 2, 1e6, 0.246074)]
    [InlineData(2, 2, 1e2, 0.136783)]
    [InlineData(2, 2, 1e6, 0.194577)]
    [InlineData(3, 3, 1e2, 0.0752364)]
    [InlineData(3, 3, 1e6, 0.117033)]
    public void A_box_gives_its_exact_loss(int p, int q, double a, double expected)
    {
        Assert.Equal(expected, BoxTruth.Posterior(a, p, q), 6e-7);
        Assert.Equal(BoxTruth.Posterior(a, p, q), BoxTruth.Posterior(a, q, p), 1e-10);
    }

    /// <summary>
    /// At a = 100 the interior part is 12.590 and the wall's 0.351 (midpoint sums over an 800 × 800 grid, error about 1e-4), times ε/2.
    /// </summary>
    [Fact]
    public void The_step_bias_between_walls_is_that_of_an_independent_sum() =>
        Assert.Equal(0.012941 / 2, BoxTruth.StepBias(100, 1, 1, 1e-3), 2e-6);

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Assert.Contains(
            "localization above 0",
            Assert.Throws<InputException>(() => CrossingTruth.Posterior(1, 1, 1, 0)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "a number above 0",
            Assert.Throws<InputException>(() => new CrossingSurface(-1, 1, 1)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "0 and 1 are given",
            Assert.Throws<InputException>(() => BoxTruth.Posterior(1, 0, 1)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains("at least 2", Assert.Throws<InputException>(() => new MonomialSurface([4, 1])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "make alpha smaller",
            Assert.Throws<InputException>(() => new AnharmonicSurface(1, 2, 1)).Message,
            StringComparison.Ordinal
        );
    }
}
