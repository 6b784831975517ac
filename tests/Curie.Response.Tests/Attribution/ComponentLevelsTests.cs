using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Runs;
using Curie.Response.Tests.Reproducibility;

namespace Curie.Response.Tests.Attribution;

public sealed class ComponentLevelsTests
{
    // What is stored is float32: seven digits of numbers of order one.
    private const double Tolerance = 1e-5;
    private const int Tokens = 4000;

    /// <summary>u and v: orthogonal, of mean 0 and variance 1.</summary>
    private static readonly double[][] Patterns =
    [
        [1, 1, -1, -1],
        [1, -1, 1, -1],
    ];

    [Fact]
    public void Spreads_are_those_of_the_levels_without_sampling_error()
    {
        // Chains 5u + v, Gaussian 4u, loss u + v, of errors 1, 2 and 1/2: variances 26, 16 and 2 less 1, 4 and 1/4.
        LevelSpread excess = Assert.Single(Component()).Excess!;
        Assert.Equal(Math.Sqrt(26 - 1), excess.Total!.Value, Tolerance);
        Assert.Equal(Math.Sqrt(16 - 4), excess.Gaussian!.Value, Tolerance);
        Assert.Equal(Math.Sqrt(2 - 0.25), excess.Loss!.Value, Tolerance);
        Assert.Equal(5 / Math.Sqrt(26), excess.Correlation, Tolerance);
        Assert.Equal(Math.Sqrt(25.0 / 26 * 12 / 16), excess.Ceiling!.Value, Tolerance);
    }

    [Fact]
    public void What_the_loss_adds_to_the_covariance_is_the_rest_with_both_errors()
    {
        // Chains 5u + v and Gaussian 3u, of errors 1 and 2: the rest 2u + v has the variance 5, all of which their sum 1 + 4 explains.
        LevelSpread covariance = Assert.Single(Component()).Covariance!;
        Assert.Equal(Math.Sqrt(9 - 4), covariance.Gaussian!.Value, Tolerance);
        Assert.Equal(5 / Math.Sqrt(26), covariance.Correlation, Tolerance);

        // The variance is off by the rounding of float32 alone, on either side of nothing.
        Assert.InRange(covariance.Loss ?? 0, 0, 0.01);
    }

    [Fact]
    public void Ratios_compare_the_chains_alone_with_both_levels()
    {
        ComponentLevels levels = Assert.Single(Component());
        Assert.Equal(1 / (4 + 0.25), levels.ExcessVarianceRatio, Tolerance);
        Assert.Equal(0.25 / (0.01 + 0.04), levels.Phi.VarianceRatio, Tolerance);
        Assert.Equal((3, 2, 1), (levels.Phi.Total, levels.Phi.Gaussian, levels.Phi.Loss));
    }

    [Fact]
    public void Full_comes_first_and_has_a_covariance_only_where_it_was_asked_for()
    {
        IReadOnlyList<ComponentLevels> levels = ComponentLevels.Of(Run())!;
        Assert.Equal(["full", "l0h0"], levels.Select(one => one.Component));
        Assert.Null(levels[0].Covariance);
        Assert.Equal(Math.Sqrt(26 - 1), levels[0].Excess!.Total!.Value, Tolerance);
    }

    [Fact]
    public void A_run_without_levels_has_none_and_a_part_that_is_not_held_has_no_spread()
    {
        Assert.Null(ComponentLevels.Of(SyntheticRun.Of((_, i) => i, noise: 0, components: 1, Tokens, chains: 2, batches: 2, seed: 1)));
        SusceptibilityRun run = Run();
        ComponentLevels levels = ComponentLevels.Of(run with { Manifest = run.Manifest with { Parts = ["shift"] } })![1];
        Assert.Null(levels.Excess);
        Assert.Null(levels.Covariance);
        Assert.True(double.IsNaN(levels.ExcessVarianceRatio));
    }

    [Fact]
    public void A_component_without_an_estimate_has_neither_spread_nor_correlation()
    {
        SusceptibilityRun run = Run();
        run.Data.Response.FillRow(0, float.NaN);
        LevelSpread excess = ComponentLevels.Of(run)![1].Excess!;
        Assert.Null(excess.Total);
        Assert.Null(excess.Ceiling);
        Assert.True(double.IsNaN(excess.Correlation));
    }

    private static IEnumerable<ComponentLevels> Component() => ComponentLevels.Of(Run())!.Skip(1);

    private static SusceptibilityRun Run()
    {
        RunShape shape = new(1, 1, Tokens, Chains: 2, Draws: 2);
        LevelData levels = new(shape);
        SusceptibilityData data = new(shape) { Levels = levels };
        Fill(data.FullExcess, 0, 5, 1);
        Array.Fill(data.FullShiftStandardErrors, 1);
        Fill(data.Response.Values(ResponsePart.Excess), 0, 5, 1);
        Fill(data.Response.Values(ResponsePart.Covariance), 0, 5, 1);
        Array.Fill(data.Response.StandardErrors(ResponsePart.Excess), 1);
        Array.Fill(data.Response.StandardErrors(ResponsePart.Covariance), 1);
        foreach (int run in new[] { 0, 1 })
        {
            Fill(levels.Gaussian.Values, run, 4, 0);
            Fill(levels.Loss.Values, run, 1, 1);
            Fill(levels.Covariance.Values, run, 3, 0);
            (levels.Phi[run], levels.PhiErrors[run]) = (3, 0.5);
            (levels.Gaussian.Phi[run], levels.Gaussian.PhiErrors[run]) = (2, 0.1);
            (levels.Loss.Phi[run], levels.Loss.PhiErrors[run]) = (1, 0.2);
        }

        Array.Fill(levels.Gaussian.Errors, 2);
        Array.Fill(levels.Loss.Errors, 0.5f);
        Array.Fill(levels.Covariance.Errors, 2);
        return new SusceptibilityRun(SyntheticRun.Manifest(shape, control: false), data);
    }

    private static void Fill(float[] values, int run, double u, double v)
    {
        for (int i = 0; i < Tokens; i++)
        {
            values[(run * Tokens) + i] = (float)((u * Patterns[0][i % 4]) + (v * Patterns[1][i % 4]));
        }
    }
}
