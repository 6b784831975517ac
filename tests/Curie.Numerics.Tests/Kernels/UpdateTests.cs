using Curie.Numerics.Kernels;
using Curie.Numerics.Random;
using Curie.Numerics.Simd;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

public sealed class UpdateTests
{
    private const double U = KernelsUnderTest.UnitRoundoff;
    private static readonly AdamWOptions Adam = new(1e-2, 0.9, 0.999, 1e-8, 0.05);
    private static readonly SgldOptions Sgld = new(1e-2, 30, 100, 1);
    private static readonly PhiloxKey Key = PhiloxKey.Derive(1, RandomPurpose.LangevinNoise, "l0h0");

    [Theory]
    [EveryWidth(1)]
    [EveryWidth(17)]
    [EveryWidth(259)]
    public void AdamW_is_the_reference_within_the_rounding_bound(SimdWidth width, int length)
    {
        using Operand actual = State(length);
        using Operand expected = State(length);
        using Operand gradient = Operand.Gaussian(1, length, 8);
        for (int step = 1; step <= 5; step++)
        {
            Update(KernelsUnderTest.For(width), actual, gradient, step);
            Update(KernelsUnderTest.Reference, expected, gradient, step);
        }

        // Per step: m gathers 4 roundings, v 4, the quotient 6 of its own, which the rate 0.01 scales down, and w itself 2. The quotient's
        // magnitude |m̂/√v̂| is at most 1 for a constant gradient and a start at zero moments; float32 constants add 3u each.
        actual.AssertClose(expected, (row, j) => 5
            * U
            * (
                row switch
                {
                    0 => (3 * Math.Abs(expected.View.Row(0)[j])) + (Adam.LearningRate * 40),
                    1 => 8 * Math.Abs(gradient.View.Row(0)[j]),
                    _ => 8 * gradient.View.Row(0)[j] * gradient.View.Row(0)[j],
                }
            ));
    }

    [Theory]
    [EveryWidth]
    public void The_first_AdamW_step_moves_by_the_learning_rate_against_the_sign_of_the_gradient(SimdWidth width)
    {
        // At t = 1 the corrected moments are g and g², so w ← w(1 − ηλ) − η·g/(|g| + ε).
        float[] w = [1, -2, 0.5f];
        float[] g = [3, -0.01f, 200];
        KernelsUnderTest.For(width).AdamWUpdate(w, g, new float[3], new float[3], Adam, 1);
        double keep = 1 - (0.01 * 0.05);
        Assert.Equal((1 * keep) - 0.01, w[0], 4 * U);
        Assert.Equal((-2 * keep) + (0.01 * (0.01 / (0.01 + 1e-8))), w[1], 8 * U);
        Assert.Equal((0.5 * keep) - 0.01, w[2], 4 * U);
    }

    [Theory]
    [EveryWidth(1)]
    [EveryWidth(257)]
    [EveryWidth(1030)]
    public void Sgld_is_the_reference_within_the_rounding_bound(SimdWidth width, int length)
    {
        using Operand start = Operand.Gaussian(3, length, 1);
        using Operand actual = start.Copy();
        using Operand expected = start.Copy();
        Update(KernelsUnderTest.For(width), actual, Sgld, 0, length);
        Update(KernelsUnderTest.Reference, expected, Sgld, 0, length);

        // 4 roundings of each of the three terms and of w; the noise's own error is 4e-7 of its radius, at most 6.8.
        actual.AssertClose(expected, (row, j) =>
            row > 0
                ? 0
                : (
                    4
                    * U
                    * (
                        Math.Abs(start.View.Row(0)[j])
                        + (0.15 * Math.Abs(start.View.Row(1)[j]))
                        + Math.Abs(start.View.Row(0)[j] - start.View.Row(2)[j])
                        + 0.68
                    )
                ) + (0.1 * 6.8 * 4e-7)
        );
    }

    [Theory]
    [EveryWidth]
    public void Splitting_the_parameters_gives_the_same_bits(SimdWidth width)
    {
        var kernels = KernelsUnderTest.For(width);
        using Operand whole = Operand.Gaussian(3, 1000, 1);
        using Operand parts = whole.Copy();
        Update(kernels, whole, Sgld, 0, 1000);
        foreach ((int first, int end) in new[] { (512, 1000), (0, 4), (4, 300), (300, 512) })
        {
            Update(kernels, parts, Sgld, first, end);
        }

        Assert.True(whole.View.Row(0).SequenceEqual(parts.View.Row(0)));

        using Operand wholeState = State(1000);
        using Operand partState = State(1000);
        using Operand gradient = Operand.Gaussian(1, 1000, 8);
        Update(kernels, wholeState, gradient, 1);
        foreach ((int first, int end) in new[] { (501, 1000), (0, 7), (7, 501) })
        {
            kernels.AdamWUpdate(
                partState.View.Row(0)[first..end],
                gradient.View.Row(0)[first..end],
                partState.View.Row(1)[first..end],
                partState.View.Row(2)[first..end],
                Adam,
                1
            );
        }

        partState.AssertClose(wholeState, (_, _) => 0);
    }

    [Theory]
    [EveryWidth]
    public void Without_noise_the_update_is_gradient_descent_on_the_localised_potential(SimdWidth width)
    {
        float[] w = [1, 2, 3, 4, 5];
        KernelsUnderTest
            .For(width)
            .SgldUpdate(w, new float[] { 1, 0, -1, 0, 2 }, new float[] { 1, 1, 1, 1, 1 }, new SgldOptions(0.5, 2, 1, 0), Key, 3, 0);

        // w − ¼(2g + (w − 1)), exact in binary.
        Assert.Equal([0.5f, 1.75f, 3f, 3.25f, 3f], w);
    }

    [Theory]
    [EveryWidth]
    public void Nothing_is_allocated_and_an_index_inside_a_block_is_refused(SimdWidth width)
    {
        var kernels = KernelsUnderTest.For(width);
        using Operand state = State(300);
        using Operand gradient = Operand.Gaussian(1, 300, 8);
        Assert.Equal(
            0,
            KernelsUnderTest.AllocatedBytes(() =>
            {
                Update(kernels, state, gradient, 1);
                Update(kernels, state, Sgld, 0, 300);
            })
        );
        Assert.Throws<ArgumentException>(() => kernels.SgldUpdate(new float[4], new float[4], new float[4], Sgld, Key, 0, 2));
        Assert.Throws<ArgumentException>(() => kernels.SgldUpdate(new float[4], new float[3], new float[4], Sgld, Key, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            kernels.AdamWUpdate(new float[4], new float[4], new float[4], new float[4], Adam, 0)
        );
    }

    /// <summary>Rows w, m = 0 and v = 0.</summary>
    private static Operand State(int length)
    {
        Operand state = Operand.Gaussian(3, length, 7);
        state.View.RowRange(1, 2).Clear();
        return state;
    }

    private static void Update(KernelSet kernels, Operand state, Operand gradient, long step) =>
        kernels.AdamWUpdate(state.View.Row(0), gradient.View.Row(0), state.View.Row(1), state.View.Row(2), Adam, step);

    /// <summary>Elements first … end − 1 of rows w, gradient and origin.</summary>
    private static void Update(KernelSet kernels, Operand rows, SgldOptions options, int first, int end) =>
        kernels.SgldUpdate(
            rows.View.Row(0)[first..end],
            rows.View.Row(1)[first..end],
            rows.View.Row(2)[first..end],
            options,
            Key,
            12,
            first
        );
}
