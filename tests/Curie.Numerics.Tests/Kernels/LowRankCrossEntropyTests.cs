using Curie.Numerics.Kernels;
using Curie.Numerics.Simd;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>
/// Tolerances, with u = 2⁻²⁴. A logit is (frozen + z·M)/σ + b with |frozen| ≤ 4, |z|, |M|, |b| ≤ 1 and 1/σ ≤ 1.5: the dot product's error
/// is
/// at most 4·√e·u·e, the sum and the fused multiply-add round once each. A loss doubles that error and adds 8u + √V·u
/// (see <see cref="CrossEntropyTests"/>).
/// </summary>
public sealed unsafe class LowRankCrossEntropyTests
{
    private const double U = KernelsUnderTest.UnitRoundoff;

    /// <summary>No 1/σ is larger.</summary>
    internal const double LargestScale = 1.5;

    [Theory]
    [EveryWidth(1, 1, 1)]
    [EveryWidth(1, 5, 2)]
    [EveryWidth(5, 8, 63)]
    [EveryWidth(7, 17, 64)]
    [EveryWidth(49, 32, 65)]
    [EveryWidth(97, 33, 259)]
    [EveryWidth(100, 16, 1037)]
    [EveryWidth(3, 300, 700)]
    public void Losses_agree_with_the_reference(SimdWidth width, int n, int e, int vocabulary)
    {
        using LowRankCrossEntropyProblem problem = new(KernelSet.For(width), n, e, vocabulary);
        using LowRankCrossEntropyProblem truth = new(KernelsUnderTest.Reference, n, e, vocabulary);
        problem.Run(0, n);
        truth.Run(0, n);

        double allowed = LossError(e, vocabulary);
        for (int i = 0; i < n; i++)
        {
            Assert.True(Math.Abs(problem.Losses[i] - truth.Losses[i]) <= allowed, $"loss {i}: {problem.Losses[i]}, not {truth.Losses[i]}");
        }
    }

    [Theory]
    [EveryWidth]
    public void Without_a_low_rank_term_the_losses_are_those_of_the_frozen_logits(SimdWidth width)
    {
        // Frozen logits 0 but for one column that stands ln 3 above: p = 3/(V + 2) there and 1/(V + 2) elsewhere.
        const int Vocabulary = 70;
        using LowRankCrossEntropyProblem problem = new(KernelSet.For(width), 2, 4, Vocabulary);
        problem.Z.View.Clear();
        problem.Frozen.View.Clear();
        problem.Bias.View.Clear();
        for (int i = 0; i < 2; i++)
        {
            problem.Frozen.View.Row(i)[69] = (float)(Math.Log(3) / problem.InverseScale[i]);
        }

        problem.Targets[0] = 69;
        problem.Targets[1] = 3;
        problem.Run(0, 2);
        Assert.Equal(Math.Log((Vocabulary + 2) / 3.0), problem.Losses[0], 1e-6);
        Assert.Equal(Math.Log(Vocabulary + 2), problem.Losses[1], 1e-6);
    }

    [Theory]
    [EveryWidth]
    public void Logits_of_thousands_neither_overflow_nor_lose_the_loss(SimdWidth width)
    {
        // Rising and falling logits, far from zero and from each other: the largest takes all the probability.
        const int Vocabulary = 600;
        using LowRankCrossEntropyProblem problem = new(KernelSet.For(width), 3, 1, Vocabulary);
        problem.Z.View.Clear();
        problem.Bias.View.Clear();
        for (int v = 0; v < Vocabulary; v++)
        {
            problem.Frozen.View.Row(0)[v] = 1024f * (v - 300);
            problem.Frozen.View.Row(1)[v] = 1024f * (300 - v);
            problem.Frozen.View.Row(2)[v] = -4096;
        }

        Array.Fill(problem.InverseScale, 1);
        problem.Targets[0] = 599;
        problem.Targets[1] = 599;
        problem.Targets[2] = 1;
        problem.Run(0, 3);
        Assert.Equal(0.0, problem.Losses[0]);
        Assert.Equal(599 * 1024.0, problem.Losses[1]);
        Assert.Equal(Math.Log(Vocabulary), problem.Losses[2], 1e-6);
    }

    [Theory]
    [EveryWidth]
    public void A_row_has_the_same_loss_whatever_rows_are_computed_with_it(SimdWidth width)
    {
        using LowRankCrossEntropyProblem whole = new(KernelSet.For(width), 101, 24, 777);
        whole.Run(0, 101);
        using LowRankCrossEntropyProblem parts = new(KernelSet.For(width), 101, 24, 777);
        int[] cuts = [0, 1, 8, 50, 100, 101];
        for (int c = 0; c + 1 < cuts.Length; c++)
        {
            parts.Run(cuts[c], cuts[c + 1] - cuts[c]);
        }

        Assert.Equal(whole.Losses, parts.Losses);
    }

    [Theory]
    [EveryWidth]
    public void What_is_not_a_number_shows_in_its_own_loss_alone(SimdWidth width)
    {
        using LowRankCrossEntropyProblem problem = new(KernelSet.For(width), 8, 6, 70);
        problem.Z.View.Row(3)[2] = float.NaN;
        problem.InverseScale[5] = float.NaN;
        problem.Run(0, 8);
        Assert.Equal([3, 5], Enumerable.Range(0, 8).Where(i => !double.IsFinite(problem.Losses[i])));
    }

    [Theory]
    [EveryWidth]
    public void It_allocates_nothing_once_warm(SimdWidth width)
    {
        using LowRankCrossEntropyProblem problem = new(KernelSet.For(width), 30, 20, 100);
        Assert.Equal(0, KernelsUnderTest.AllocatedBytes(() => problem.Run(0, 30)));
    }

    [Theory]
    [EveryWidth]
    public void Operands_that_do_not_fit_are_refused(SimdWidth width)
    {
        using LowRankCrossEntropyProblem problem = new(KernelSet.For(width), 4, 6, 70);
        problem.Targets[2] = 70;
        Assert.Throws<ArgumentOutOfRangeException>(() => problem.Run(0, 4));
        problem.Targets[2] = 0;
        Assert.Throws<ArgumentException>(() => problem.Run(0, 4, problem.Frozen.View.ColumnRange(0, 69)));
    }

    /// <summary>How far a logit may be from the truth.</summary>
    internal static double LogitError(int e)
    {
        double product = (4 * Math.Sqrt(e) * e * U) + (U * (4 + e));
        return (LargestScale * product) + (U * ((LargestScale * (4 + e)) + 1));
    }

    /// <summary>How far a loss may be from the truth.</summary>
    internal static double LossError(int e, int vocabulary) => (2 * LogitError(e)) + (8 * U) + (Math.Sqrt(vocabulary) * U);
}
