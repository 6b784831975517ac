using Curie.Numerics.Memory;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Tests.Kernels;

public sealed class AttentionTests
{
    [Theory]
    [EveryWidth(1, 4)]
    [EveryWidth(2, 8)]
    [EveryWidth(7, 5)]
    [EveryWidth(48, 16)]
    [EveryWidth(97, 33)]
    [EveryWidth(193, 32)]
    [EveryWidth(250, 20)]
    [EveryWidth(70, 64)]
    [EveryWidth(50, 128)]
    public void Forward_is_the_reference_within_the_rounding_bound(SimdWidth width, int length, int e)
    {
        using var problem = new AttentionProblem(length, e);
        using AttentionResult expected = problem.Run(KernelsUnderTest.Reference);
        using AttentionResult actual = problem.Run(KernelsUnderTest.For(width));
        double[,] bound = problem.ForwardBound();
        actual.Z.AssertClose(expected.Z, (i, c) => bound[i, c]);
        actual.LogSumExp.AssertClose(expected.LogSumExp, (_, i) => problem.LogSumExpBound);
    }

    [Theory]
    [EveryWidth(1, 4)]
    [EveryWidth(48, 16)]
    [EveryWidth(203, 33)]
    [EveryWidth(450, 8)]
    public unsafe void A_query_has_the_same_bits_whichever_others_are_asked_for(SimdWidth width, int length, int e)
    {
        using var problem = new AttentionProblem(length, e);
        using AttentionResult all = problem.Run(KernelsUnderTest.For(width));
        using var scratch = new Scratch();
        foreach (
            int[] positions in new int[][]
            {
                [length - 1],
                [.. Enumerable.Range(0, length).Where(i => i * 7 % 11 < 3)],
                [.. Enumerable.Range(0, length)],
            }
        )
        {
            using var q = new Operand(positions.Length, e);
            using var z = new Operand(positions.Length, e);
            float[] logSumExp = new float[positions.Length];
            for (int i = 0; i < positions.Length; i++)
            {
                problem.Q.View.Row(positions[i]).CopyTo(q.View.Row(i));
            }

            KernelsUnderTest
                .For(width)
                .AttentionForwardAt(q.View, positions, problem.K.View, problem.V.View, problem.Scale, z.View, logSumExp, scratch);
            for (int i = 0; i < positions.Length; i++)
            {
                Assert.Equal(all.Z.View.Row(positions[i]).ToArray(), z.View.Row(i).ToArray());
                Assert.Equal(all.LogSumExp.View.Row(0)[positions[i]], logSumExp[i]);
            }

            z.AssertGapsUntouched();
        }
    }

    [Theory]
    [EveryWidth]
    public unsafe void Queries_out_of_order_or_past_the_keys_are_refused(SimdWidth width)
    {
        using var problem = new AttentionProblem(5, 4);
        using var scratch = new Scratch();
        using var z = new Operand(2, 4);
        foreach (int[] positions in new int[][] { [3, 3], [-1, 2], [2, 5], [1, 2, 3] })
        {
            Assert.Throws<ArgumentException>(() =>
                KernelsUnderTest
                    .For(width)
                    .AttentionForwardAt(
                        problem.Q.View.RowRange(0, 2),
                        positions,
                        problem.K.View,
                        problem.V.View,
                        1,
                        z.View,
                        new float[2],
                        scratch
                    )
            );
        }
    }

    [Theory]
    [EveryWidth(1, 4)]
    [EveryWidth(7, 5)]
    [EveryWidth(48, 16)]
    [EveryWidth(97, 33)]
    [EveryWidth(193, 32)]
    [EveryWidth(250, 20)]
    [EveryWidth(50, 128)]
    public void Backward_is_the_reference_within_the_rounding_bound(SimdWidth width, int length, int e)
    {
        using var problem = new AttentionProblem(length, e);
        using AttentionResult expected = problem.Run(KernelsUnderTest.Reference);
        using AttentionResult actual = problem.Run(KernelsUnderTest.For(width));
        (double[,] dq, double[,] dk, double[,] dv) = problem.BackwardBound();
        actual.QueryGradient.AssertClose(expected.QueryGradient, (i, c) => dq[i, c]);
        actual.KeyGradient.AssertClose(expected.KeyGradient, (i, c) => dk[i, c]);
        actual.ValueGradient.AssertClose(expected.ValueGradient, (i, c) => dv[i, c]);
    }

    [Fact]
    public void The_reference_gradients_are_the_derivatives_of_the_reference_forward()
    {
        using var problem = new AttentionProblem(11, 6);
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
            double derivative = 0;
            for (int i = 0; i < 11; i++)
            {
                for (int c = 0; c < 6; c++)
                {
                    derivative += gradient.View.Row(i)[c] * direction.View.Row(i)[c];
                }
            }

            // 66 outputs of magnitude about 1, weighed by about 1, each rounded to float32.
            FiniteDifference.AssertDerivative(
                step => problem.Along(input, origin, direction, step),
                derivative,
                66 * KernelsUnderTest.UnitRoundoff
            );
        }
    }

    [Theory]
    [EveryWidth]
    public void A_position_never_depends_on_later_ones(SimdWidth width)
    {
        var kernels = KernelsUnderTest.For(width);
        using var problem = new AttentionProblem(200, 12);
        using AttentionResult before = problem.Run(kernels);
        const int Changed = 101;
        foreach (Operand operand in new[] { problem.Q, problem.K, problem.V })
        {
            for (int i = Changed; i < 200; i++)
            {
                operand.View.Row(i).Fill(7 + i);
            }
        }

        using AttentionResult after = problem.Run(kernels);
        for (int i = 0; i < Changed; i++)
        {
            Assert.True(before.Z.View.Row(i).SequenceEqual(after.Z.View.Row(i)), $"row {i} changed");
        }

        // A shorter row gives the same bits as the start of a longer one.
        using var scratch = new Scratch();
        using var z = new Operand(Changed, 12);
        kernels.AttentionForward(
            problem.Q.View.RowRange(0, Changed),
            problem.K.View.RowRange(0, Changed),
            problem.V.View.RowRange(0, Changed),
            problem.Scale,
            z.View,
            new float[Changed],
            scratch
        );
        for (int i = 0; i < Changed; i++)
        {
            Assert.True(before.Z.View.Row(i).SequenceEqual(z.View.Row(i)), $"row {i} depends on the length");
        }
    }

    [Theory]
    [EveryWidth]
    public void Scores_far_apart_neither_overflow_nor_vanish(SimdWidth width)
    {
        using var problem = new AttentionProblem(300, 4);
        for (int i = 0; i < 300; i++)
        {
            problem.Q.View.Row(i).Fill(10);
            problem.K.View.Row(i).Fill(i < 250 ? i - 100 : 0);
        }

        using AttentionResult expected = problem.Run(KernelsUnderTest.Reference);
        using AttentionResult actual = problem.Run(KernelsUnderTest.For(width));
        double[,] bound = problem.ForwardBound();
        actual.Z.AssertClose(expected.Z, (i, c) => bound[i, c]);
    }

    [Theory]
    [EveryWidth]
    public void Nothing_is_allocated(SimdWidth width)
    {
        using var problem = new AttentionProblem(100, 16);
        using AttentionResult result = problem.Run(KernelsUnderTest.For(width));
        using var scratch = new Scratch();
        var kernels = KernelsUnderTest.For(width);
        Assert.Equal(0, KernelsUnderTest.AllocatedBytes(() => problem.Run(kernels, result, scratch)));
    }

    [Theory]
    [EveryWidth]
    public void Shapes_that_do_not_fit_are_refused(SimdWidth width)
    {
        using var problem = new AttentionProblem(5, 4);
        using var z = new Operand(5, 3);
        using var scratch = new Scratch();
        Assert.Throws<ArgumentException>(() =>
            KernelsUnderTest.For(width).AttentionForward(problem.Q.View, problem.K.View, problem.V.View, 1, z.View, new float[5], scratch)
        );
    }
}
