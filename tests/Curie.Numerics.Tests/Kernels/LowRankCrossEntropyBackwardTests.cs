using Curie.Numerics.Simd;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>
/// Tolerances, with u = 2⁻²⁴ and the error of a logit from <see cref="LowRankCrossEntropyTests"/>: a probability has relative error
/// 2·logitError + 16u, and a gradient is a sum of such errors over the vocabulary, where Σ|p − y| ≤ 2, or over the rows, where |p − y| ≤ 1,
/// and the rounding of the sum (see <see cref="CrossEntropyTests"/>).
/// </summary>
public sealed unsafe class LowRankCrossEntropyBackwardTests
{
    private const double U = KernelsUnderTest.UnitRoundoff;

    [Theory]
    [EveryWidth(1, 1, 1)]
    [EveryWidth(1, 5, 2)]
    [EveryWidth(5, 8, 63)]
    [EveryWidth(7, 17, 64)]
    [EveryWidth(49, 32, 65)]
    [EveryWidth(97, 33, 259)]
    [EveryWidth(100, 16, 1037)]
    [EveryWidth(3, 300, 700)]
    public void Losses_and_gradients_agree_with_the_reference(SimdWidth width, int n, int e, int vocabulary)
    {
        using LowRankCrossEntropyProblem problem = new(KernelSet.For(width), n, e, vocabulary);
        using LowRankCrossEntropyProblem truth = new(KernelsUnderTest.Reference, n, e, vocabulary);
        problem.Backward();
        truth.Backward();

        double logitError = LowRankCrossEntropyTests.LogitError(e);
        double lossError = LowRankCrossEntropyTests.LossError(e, vocabulary);
        for (int i = 0; i < n; i++)
        {
            Assert.True(
                Math.Abs(problem.Losses[i] - truth.Losses[i]) <= lossError,
                $"loss {i}: {problem.Losses[i]}, not {truth.Losses[i]}"
            );
        }

        double relative = (2 * logitError) + (16 * U);
        double scale = LowRankCrossEntropyProblem.Scale;
        double row = scale * 2 * (relative + (4 * Math.Sqrt(vocabulary) * U));
        double largestLogit = LowRankCrossEntropyTests.LargestScale * (4 + e);
        double weight = scale * LowRankCrossEntropyTests.LargestScale * n * (relative + (4 * Math.Sqrt(n) * U));
        problem.Mixed.AssertClose(truth.Mixed, (_, _) => row, "mixed");
        problem.Product.AssertClose(truth.Product, (_, _) => row * largestLogit, "product");
        problem.MixingGradient.AssertClose(
            truth.MixingGradient,
            (i, j) => weight + (4 * U * Math.Abs(truth.MixingGradient.View.Row(i)[j])),
            "dM"
        );
    }

    [Fact]
    public void The_reference_has_the_derivatives_of_its_own_losses()
    {
        // scale·Σ ℓ against a step of 2⁻⁷ either way: the difference of third order, (2⁻⁷)²·|ℓ‴|/6, and roundings over the step are below
        // 10⁻⁴.
        const float Step = 1f / 128;
        using LowRankCrossEntropyProblem problem = new(KernelsUnderTest.Reference, 3, 4, 20);
        float before = problem.MixingGradient.View.Row(3)[7];
        problem.Backward();
        double Slope(Action<float> move)
        {
            move(Step);
            problem.Run(0, 3);
            double up = problem.Losses.Sum();
            move(-2 * Step);
            problem.Run(0, 3);
            double down = problem.Losses.Sum();
            move(Step);
            return LowRankCrossEntropyProblem.Scale * (up - down) / (2 * Step);
        }

        double dz = Slope(h => problem.Z.View.Row(1)[2] += h);
        Assert.Equal(dz, problem.Mixed.View.Row(1)[2] * problem.InverseScale[1], 1e-4);
        double dScale = Slope(h => problem.InverseScale[1] += h);
        Assert.Equal(dScale, problem.Product.View.Row(0)[1] / problem.InverseScale[1], 1e-4);
        double dM = Slope(h => problem.MoveMixing(3, 7, h));
        Assert.Equal(dM, problem.MixingGradient.View.Row(3)[7] - before, 1e-4);
    }

    [Theory]
    [EveryWidth]
    public void Forward_and_backward_give_the_same_losses_bit_for_bit(SimdWidth width)
    {
        using LowRankCrossEntropyProblem problem = new(KernelSet.For(width), 101, 24, 777);
        problem.Run(0, 101);
        double[] forward = [.. problem.Losses];
        problem.Backward();
        Assert.Equal(forward, problem.Losses);
    }

    [Theory]
    [EveryWidth]
    public void A_row_has_the_same_results_whatever_rows_are_computed_with_it(SimdWidth width)
    {
        using LowRankCrossEntropyProblem whole = new(KernelSet.For(width), 101, 24, 777);
        whole.Backward();
        using LowRankCrossEntropyProblem parts = new(KernelSet.For(width), 101, 24, 777);
        int[] cuts = [0, 1, 8, 50, 100, 101];
        for (int c = 0; c + 1 < cuts.Length; c++)
        {
            parts.Backward(cuts[c], cuts[c + 1] - cuts[c]);
        }

        Assert.Equal(whole.Losses, parts.Losses);
        Assert.Equal(whole.Mixed.Values(), parts.Mixed.Values());
        Assert.Equal(whole.Product.Values(), parts.Product.Values());
    }

    [Theory]
    [EveryWidth]
    public void A_gradient_that_nobody_asks_for_is_left_out_and_the_others_do_not_change(SimdWidth width)
    {
        using LowRankCrossEntropyProblem all = new(KernelSet.For(width), 30, 20, 100);
        all.Backward();
        using LowRankCrossEntropyProblem rows = new(KernelSet.For(width), 30, 20, 100);
        float[] untouched = rows.MixingGradient.Values();
        rows.Backward(0, 30, wantMixing: false);
        Assert.Equal(all.Mixed.Values(), rows.Mixed.Values());
        Assert.Equal(all.Product.Values(), rows.Product.Values());
        Assert.Equal(untouched, rows.MixingGradient.Values());
    }

    [Theory]
    [EveryWidth]
    public void Logits_of_thousands_neither_overflow_nor_lose_the_gradient(SimdWidth width)
    {
        // The largest logit takes all the probability, wherever it comes: g is scale there and −scale at the target, 0 where both meet.
        const int Vocabulary = 600;
        const float Scale = LowRankCrossEntropyProblem.Scale;
        using LowRankCrossEntropyProblem problem = new(KernelSet.For(width), 2, 3, Vocabulary);
        problem.Z.View.Clear();
        problem.Bias.View.Clear();
        problem.MixingGradient.View.Clear();
        for (int v = 0; v < Vocabulary; v++)
        {
            problem.Frozen.View.Row(0)[v] = 1024f * (v - 300);
            problem.Frozen.View.Row(1)[v] = 1024f * (v - 300);
        }

        problem.Z.View.Row(1)[1] = 1;
        Array.Fill(problem.InverseScale, 1);
        problem.Targets[0] = 599;
        problem.Targets[1] = 0;
        problem.Backward();
        Assert.Equal(0.0, problem.Losses[0]);
        Assert.All(problem.Mixed.Values().Take(3), value => Assert.Equal(0, value, 1e-30));
        Assert.Equal(0, problem.Product.View.Row(0)[0], 1e-30);
        for (int k = 0; k < 3; k++)
        {
            float expected = Scale * (problem.Mixing.View.Row(k)[599] - problem.Mixing.View.Row(k)[0]);
            Assert.Equal(expected, problem.Mixed.View.Row(1)[k], 1e-7);
        }

        Assert.Equal(Scale * 1024f * 599, problem.Product.View.Row(0)[1], Scale);
        for (int v = 0; v < Vocabulary; v++)
        {
            Assert.Equal(
                v == 599 ? Scale
                    : v == 0 ? -Scale
                    : 0,
                problem.MixingGradient.View.Row(1)[v],
                1e-7
            );
        }
    }

    [Theory]
    [EveryWidth]
    public void What_is_not_a_number_shows_in_its_own_loss_and_gradient_alone(SimdWidth width)
    {
        using LowRankCrossEntropyProblem problem = new(KernelSet.For(width), 8, 6, 70);
        problem.Z.View.Row(3)[2] = float.NaN;
        problem.InverseScale[5] = float.NaN;
        problem.Backward();
        int[] expected = [3, 5];
        Assert.Equal(expected, Enumerable.Range(0, 8).Where(i => !double.IsFinite(problem.Losses[i])));
        Assert.Equal(expected, Enumerable.Range(0, 8).Where(i => !float.IsFinite(problem.Product.View.Row(0)[i])));
        Assert.Equal(expected, Enumerable.Range(0, 8).Where(i => !float.IsFinite(problem.Mixed.View.Row(i)[0])));
        Assert.All(problem.MixingGradient.Values(), value => Assert.True(float.IsNaN(value)));
    }

    [Theory]
    [EveryWidth]
    public void It_allocates_nothing_once_warm(SimdWidth width)
    {
        using LowRankCrossEntropyProblem problem = new(KernelSet.For(width), 30, 20, 100);
        Assert.Equal(0, KernelsUnderTest.AllocatedBytes(() => problem.Backward()));
    }

    [Theory]
    [EveryWidth]
    public void Operands_that_do_not_fit_are_refused(SimdWidth width)
    {
        using LowRankCrossEntropyProblem problem = new(KernelSet.For(width), 4, 6, 70);
        problem.Targets[2] = 70;
        Assert.Throws<ArgumentOutOfRangeException>(() => problem.Backward());
        problem.Targets[2] = 0;
        Assert.Throws<ArgumentException>(() => problem.Backward(0, 4, problem.Mixed.View.ColumnRange(0, 5)));
    }
}
