using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>Attention to other keys than all that came before: windows, both directions, and both together.</summary>
public sealed class BandAttentionTests
{
    [Theory]
    [EveryWidth(1, 4, 0, true)]
    [EveryWidth(2, 8, 1, false)]
    [EveryWidth(7, 5, 3, false)]
    [EveryWidth(7, 5, 3, true)]
    [EveryWidth(48, 16, 47, false)]
    [EveryWidth(97, 33, 10, true)]
    [EveryWidth(97, 33, 0, true)]
    [EveryWidth(130, 20, 17, false)]
    [EveryWidth(50, 128, 64, true)]
    public void Forward_and_backward_are_the_reference_within_the_rounding_bound(
        SimdWidth width,
        int length,
        int e,
        int window,
        bool bidirectional
    )
    {
        using var problem = new AttentionProblem(length, e, new AttentionSpan(window, bidirectional));
        using AttentionResult expected = problem.Run(KernelsUnderTest.Reference);
        using AttentionResult actual = problem.Run(KernelsUnderTest.For(width));
        double[,] bound = problem.ForwardBound();
        actual.Z.AssertClose(expected.Z, (i, c) => bound[i, c], "z");
        actual.LogSumExp.AssertClose(expected.LogSumExp, (_, i) => problem.LogSumExpBound, "log-sum-exp");
        (double[,] dq, double[,] dk, double[,] dv) = problem.BackwardBound();
        actual.QueryGradient.AssertClose(expected.QueryGradient, (i, c) => dq[i, c], "dq");
        actual.KeyGradient.AssertClose(expected.KeyGradient, (i, c) => dk[i, c], "dk");
        actual.ValueGradient.AssertClose(expected.ValueGradient, (i, c) => dv[i, c], "dv");
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(0, true)]
    [InlineData(3, true)]
    public void The_reference_gradients_are_the_derivatives_of_the_reference_forward(int window, bool bidirectional)
    {
        using var problem = new AttentionProblem(11, 6, new AttentionSpan(window, bidirectional));
        using AttentionResult result = problem.Run(KernelsUnderTest.Reference);
        (Operand Input, Operand Gradient)[] pairs =
        [
            (problem.Q, result.QueryGradient),
            (problem.K, result.KeyGradient),
            (problem.V, result.ValueGradient),
        ];
        foreach ((Operand input, Operand gradient) in pairs)
        {
            using Operand origin = input.Copy();
            using Operand direction = Operand.Gaussian(11, 6, 77);
            double derivative = gradient.Values().Zip(direction.Values()).Sum(pair => (double)pair.First * pair.Second);

            // 66 outputs of magnitude about 1, weighed by about 1, each rounded to float32.
            FiniteDifference.AssertDerivative(
                step => problem.Along(input, origin, direction, step),
                derivative,
                66 * KernelsUnderTest.UnitRoundoff
            );
        }
    }

    /// <summary>
    /// A window of 1 sees a position's own value alone: that value, times a weight of 1 that is made from two rounded scores.
    /// </summary>
    [Theory]
    [EveryWidth]
    public void A_window_of_one_gives_back_the_value(SimdWidth width)
    {
        using var problem = new AttentionProblem(20, 9, new AttentionSpan(1));
        using AttentionResult result = problem.Run(KernelsUnderTest.For(width));
        double[,] bound = problem.ForwardBound();
        result.Z.AssertClose(problem.V, (i, c) => bound[i, c]);
    }

    [Theory]
    [EveryWidth]
    public void A_window_as_long_as_the_row_is_causal_attention_bit_for_bit(SimdWidth width)
    {
        using var causal = new AttentionProblem(70, 12);
        using var window = new AttentionProblem(70, 12, new AttentionSpan(70));
        using AttentionResult expected = causal.Run(KernelsUnderTest.For(width));
        using AttentionResult actual = window.Run(KernelsUnderTest.For(width));
        Assert.Equal(expected.Z.Values(), actual.Z.Values());
        Assert.Equal(expected.KeyGradient.Values(), actual.KeyGradient.Values());
    }

    [Theory]
    [EveryWidth(5, false)]
    [EveryWidth(5, true)]
    [EveryWidth(0, true)]
    public void A_query_has_the_same_bits_whichever_others_are_asked_for(SimdWidth width, int window, bool bidirectional)
    {
        AttentionSpan span = new(window, bidirectional);
        using var problem = new AttentionProblem(60, 7, span);
        using AttentionResult all = problem.Run(KernelsUnderTest.For(width));
        using var scratch = new Scratch();
        int[] positions = [0, 3, 4, 31, 58];
        using var q = new Operand(positions.Length, 7);
        using var z = new Operand(positions.Length, 7);
        float[] logSumExp = new float[positions.Length];
        for (int i = 0; i < positions.Length; i++)
        {
            problem.Q.View.Row(positions[i]).CopyTo(q.View.Row(i));
        }

        KernelsUnderTest
            .For(width)
            .AttentionForwardAt(q.View, positions, problem.K.View, problem.V.View, problem.Scale, z.View, logSumExp, scratch, span);
        z.AssertGapsUntouched();
        for (int i = 0; i < positions.Length; i++)
        {
            Assert.Equal(all.Z.View.Row(positions[i]).ToArray(), z.View.Row(i).ToArray());
            Assert.Equal(all.LogSumExp.View.Row(0)[positions[i]], logSumExp[i]);
        }
    }

    [Theory]
    [EveryWidth]
    public void What_lies_outside_the_band_changes_no_bit(SimdWidth width)
    {
        AttentionSpan span = new(6, Bidirectional: true);
        using var problem = new AttentionProblem(40, 5, span);
        using AttentionResult before = problem.Run(KernelsUnderTest.For(width));
        foreach (int outside in new[] { 0, 14, 26, 39 })
        {
            problem.K.View.Row(outside).Fill(5);
            problem.V.View.Row(outside).Fill(-3);
        }

        using AttentionResult after = problem.Run(KernelsUnderTest.For(width));
        Assert.Equal(before.Z.View.Row(20).ToArray(), after.Z.View.Row(20).ToArray());
        Assert.NotEqual(before.Z.View.Row(19).ToArray(), after.Z.View.Row(19).ToArray());
        Assert.NotEqual(before.Z.View.Row(21).ToArray(), after.Z.View.Row(21).ToArray());
    }

    [Theory]
    [EveryWidth]
    public void Scores_far_apart_neither_overflow_nor_vanish_and_nothing_is_allocated(SimdWidth width)
    {
        using var problem = new AttentionProblem(90, 4, new AttentionSpan(0, Bidirectional: true));
        for (int i = 0; i < 90; i++)
        {
            problem.Q.View.Row(i).Fill(10);
            problem.K.View.Row(i).Fill(i - 30);
        }

        using AttentionResult expected = problem.Run(KernelsUnderTest.Reference);
        using AttentionResult actual = problem.Run(KernelsUnderTest.For(width));
        double[,] bound = problem.ForwardBound();
        actual.Z.AssertClose(expected.Z, (i, c) => bound[i, c]);
        using var scratch = new Scratch();
        var kernels = KernelsUnderTest.For(width);
        Assert.Equal(0, KernelsUnderTest.AllocatedBytes(() => problem.Run(kernels, actual, scratch)));
    }
}
