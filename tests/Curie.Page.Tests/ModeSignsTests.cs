namespace Curie.Page.Tests;

/// <summary>Signs of a mode over checkpoints, by hand.</summary>
public sealed class ModeSignsTests
{
    [Fact]
    public void Each_checkpoint_agrees_with_the_next_and_the_last_keeps_its_sign()
    {
        // Products with the next, as measured: −1, then +, then −: the signs from the last back are +, −, −, +.
        double[]?[] loadings =
        [
            [1, 0],
            [-1, 0],
            [-0.8, -0.6],
            [0.6, 0.8],
        ];

        Assert.Equal([1, -1, -1, 1], ModeSigns.Of(loadings));
    }

    [Fact]
    public void A_checkpoint_without_modes_is_passed_over_and_one_without_an_estimate_counts_by_the_others()
    {
        double[]?[] loadings =
        [
            [-1, double.NaN],
            null,
            [0.6, 0.8],
        ];

        Assert.Equal([-1, 1, 1], ModeSigns.Of(loadings));
        double[] cosines = ModeSigns.Cosines(loadings);
        Assert.Equal(1, cosines[0], 1e-12);
        Assert.True(double.IsNaN(cosines[1]));
        Assert.Equal(1, cosines[2], 1e-12);
    }

    [Fact]
    public void The_cosine_is_1_for_the_same_mode_of_either_sign_and_0_for_one_at_right_angles()
    {
        double[] cosines = ModeSigns.Cosines([
            [0.6, 0.8],
            [-0.6, -0.8],
            [0.8, -0.6],
            [0.6, 0.8],
        ]);

        // Rounding of a handful of operations on numbers of size 1.
        Assert.Equal([1, 1, 0, 1], cosines.Select(cosine => Math.Round(cosine, 12)));
    }
}
