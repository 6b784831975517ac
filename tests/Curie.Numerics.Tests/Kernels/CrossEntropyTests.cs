using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Simd;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>
/// Tolerances, with u = 2⁻²⁴. A logit is a dot product of length d with |x|, |w| ≤ 1 plus a bias: its error is at most
/// e = 4·√d·u·d + 4u·|logit| (see <see cref="MatrixProductTests"/>). A loss is a difference of two averages of logits plus the logarithm of
/// a sum of exponentials, whose relative error is 2 ulp each and √V·u for adding them up: 2e + 8u + √V·u. A probability has relative error
/// 2e + 16u, and a gradient is a dot product with factors p − y: that error on each term, and the rounding of the sum.
/// </summary>
public sealed unsafe class CrossEntropyTests
{
    private const double U = KernelsUnderTest.UnitRoundoff;

    [Theory]
    [EveryWidth(1, 1, 1, false)]
    [EveryWidth(1, 5, 2, false)]
    [EveryWidth(5, 8, 63, false)]
    [EveryWidth(7, 17, 64, false)]
    [EveryWidth(13, 32, 65, false)]
    [EveryWidth(97, 33, 130, false)]
    [EveryWidth(200, 64, 1037, false)]
    [EveryWidth(3, 300, 700, false)]
    [EveryWidth(1, 1, 1, true)]
    [EveryWidth(1, 5, 2, true)]
    [EveryWidth(5, 8, 63, true)]
    [EveryWidth(7, 17, 64, true)]
    [EveryWidth(13, 32, 65, true)]
    [EveryWidth(97, 33, 130, true)]
    [EveryWidth(200, 64, 1037, true)]
    [EveryWidth(3, 300, 700, true)]
    public void Losses_and_gradients_agree_with_the_reference(SimdWidth width, int n, int d, int vocabulary, bool transposed)
    {
        using CrossEntropyProblem problem = new(KernelSet.For(width), n, d, vocabulary, transposed);
        using CrossEntropyProblem truth = new(KernelsUnderTest.Reference, n, d, vocabulary, transposed);
        problem.Backward();
        truth.Backward();

        double logitError = (4 * Math.Sqrt(d) * d * U) + (4 * U * (d + 1));
        double lossError = (2 * logitError) + (8 * U) + (Math.Sqrt(vocabulary) * U);
        for (int i = 0; i < n; i++)
        {
            Assert.True(
                Math.Abs(problem.Losses[i] - truth.Losses[i]) <= lossError,
                $"loss {i}: {problem.Losses[i]}, not {truth.Losses[i]}"
            );
        }

        // Σ|p − y| ≤ 2 over the vocabulary, so |dx| terms add up to at most 2·scale; |p − y| ≤ 1 over the rows.
        double relative = (2 * logitError) + (16 * U);
        double scale = CrossEntropyProblem.Scale;
        double residual = scale * 2 * (relative + (4 * Math.Sqrt(vocabulary) * U));
        double weight = scale * n * (relative + (4 * Math.Sqrt(n) * U));
        problem.ResidualGradient.AssertClose(truth.ResidualGradient, (_, _) => residual, "dx");
        problem.WeightGradient.AssertClose(
            truth.WeightGradient,
            (i, j) => weight + (4 * U * Math.Abs(truth.WeightGradient.View.Row(i)[j])),
            "dW"
        );
        problem.BiasGradient.AssertClose(
            truth.BiasGradient,
            (i, j) => weight + (4 * U * Math.Abs(truth.BiasGradient.View.Row(i)[j])),
            "db"
        );
    }

    /// <summary>
    /// Along a direction of W, of both shapes of its gradient. Weights are rounded to float32 on the way, which moves each of 5 losses by
    /// at most Σ|x|·u ≤ 6u; the gradient's own rounding is smaller.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_reference_gradient_of_the_weights_is_the_derivative_of_the_losses(bool transposed)
    {
        (int n, int d, int vocabulary) = (5, 6, 9);
        using CrossEntropyProblem problem = new(KernelsUnderTest.Reference, n, d, vocabulary, transposed);
        using CrossEntropyProblem start = new(KernelsUnderTest.Reference, n, d, vocabulary, transposed);
        using Operand direction = Operand.Gaussian(d, vocabulary, 77);
        problem.Backward();
        double derivative = 0;
        for (int k = 0; k < d; k++)
        {
            for (int v = 0; v < vocabulary; v++)
            {
                derivative += (problem.WeightGradientAt(k, v) - start.WeightGradientAt(k, v)) * direction.View.Row(k)[v];
            }
        }

        FiniteDifference.AssertDerivative(
            step =>
            {
                problem.SetUnembed((k, v) => start.Unembed(k, v) + (step * direction.View.Row(k)[v]));
                problem.Forward(0, n);
                return CrossEntropyProblem.Scale * problem.Losses.Sum();
            },
            derivative,
            CrossEntropyProblem.Scale * n * 6 * U
        );
    }

    [Theory]
    [EveryWidth]
    public void Forward_and_backward_give_the_same_losses_bit_for_bit(SimdWidth width)
    {
        using CrossEntropyProblem problem = new(KernelSet.For(width), 205, 40, 1500);
        problem.Forward(0, 205);
        double[] forward = [.. problem.Losses];
        problem.Backward();
        Assert.Equal(forward, problem.Losses);
    }

    [Theory]
    [EveryWidth]
    public void A_row_has_the_same_loss_and_residual_gradient_whatever_rows_are_computed_with_it(SimdWidth width)
    {
        using CrossEntropyProblem whole = new(KernelSet.For(width), 205, 40, 777);
        whole.Backward();
        double[] losses = [.. whole.Losses];
        float[] gradient = whole.ResidualGradient.Values();
        using CrossEntropyProblem parts = new(KernelSet.For(width), 205, 40, 777);
        int[] cuts = [0, 1, 8, 96, 101, 204, 205];
        for (int c = 0; c + 1 < cuts.Length; c++)
        {
            parts.Forward(cuts[c], cuts[c + 1] - cuts[c]);
        }

        Assert.Equal(losses, parts.Losses);
        Array.Clear(parts.Losses);
        for (int c = 0; c + 1 < cuts.Length; c++)
        {
            parts.Backward(cuts[c], cuts[c + 1] - cuts[c]);
        }

        Assert.Equal(losses, parts.Losses);
        Assert.Equal(gradient, parts.ResidualGradient.Values());
    }

    [Theory]
    [EveryWidth]
    public void Gradients_that_nobody_asks_for_are_left_out_and_the_others_do_not_change(SimdWidth width)
    {
        using CrossEntropyProblem all = new(KernelSet.For(width), 30, 20, 100);
        all.Backward();
        using CrossEntropyProblem residualOnly = new(KernelSet.For(width), 30, 20, 100);
        float[] untouched = residualOnly.WeightGradient.Values();
        residualOnly.Backward(0, 30, wantWeights: false);
        Assert.Equal(all.ResidualGradient.Values(), residualOnly.ResidualGradient.Values());
        Assert.Equal(untouched, residualOnly.WeightGradient.Values());
        using CrossEntropyProblem weightsOnly = new(KernelSet.For(width), 30, 20, 100);
        weightsOnly.Backward(0, 30, wantResidual: false);
        Assert.Equal(all.WeightGradient.Values(), weightsOnly.WeightGradient.Values());
        Assert.Equal(all.BiasGradient.Values(), weightsOnly.BiasGradient.Values());
    }

    [Theory]
    [EveryWidth]
    public void Logits_of_hundreds_neither_overflow_nor_lose_the_loss(SimdWidth width)
    {
        // One feature: logits are x·w + b exactly, so the truth needs no tolerance but one rounding of the exponentials.
        using CrossEntropyProblem problem = new(KernelSet.For(width), 3, 1, 70);
        problem.X.View.Row(0)[0] = 1;
        problem.X.View.Row(1)[0] = -1;
        problem.X.View.Row(2)[0] = 0;
        problem.SetUnembed((_, v) => 1024f * (v - 35));
        problem.Bias.View.Row(0).Clear();
        problem.SetTarget(0, 69);
        problem.SetTarget(1, 69);
        problem.SetTarget(2, 69);
        problem.Backward();
        Assert.Equal(0.0, problem.Losses[0]);
        Assert.Equal(69 * 1024.0, problem.Losses[1]);
        Assert.Equal(Math.Log(70), problem.Losses[2], 1e-6);
        Assert.All(problem.ResidualGradient.Values(), value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [EveryWidth]
    public void A_logit_that_is_not_a_number_shows_in_its_own_loss_alone(SimdWidth width)
    {
        using CrossEntropyProblem problem = new(KernelSet.For(width), 8, 6, 70);
        problem.X.View.Row(3)[2] = float.NaN;
        problem.Forward(0, 8);
        Assert.Equal([3], Enumerable.Range(0, 8).Where(i => !double.IsFinite(problem.Losses[i])));
    }

    [Theory]
    [EveryWidth]
    public void Cross_entropy_allocates_nothing_once_warm(SimdWidth width)
    {
        using CrossEntropyProblem problem = new(KernelSet.For(width), 30, 20, 100);
        using CrossEntropyProblem tied = new(KernelSet.For(width), 30, 20, 100, transposed: true);
        Assert.Equal(0, KernelsUnderTest.AllocatedBytes(() => tied.Backward()));
        Assert.Equal(0, KernelsUnderTest.AllocatedBytes(() => problem.Forward(0, 30)));
        Assert.Equal(0, KernelsUnderTest.AllocatedBytes(() => problem.Backward()));
    }

    [Theory]
    [EveryWidth]
    public void A_target_outside_the_vocabulary_is_refused(SimdWidth width)
    {
        using CrossEntropyProblem problem = new(KernelSet.For(width), 4, 6, 70);
        problem.SetTarget(2, 70);
        Assert.Throws<ArgumentOutOfRangeException>(() => problem.Forward(0, 4));
        problem.SetTarget(2, -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => problem.Backward());
    }
}
