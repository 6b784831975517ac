using Curie.Numerics.Memory;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <remarks>
/// z·M is made for a group of panels at a time, few enough rows that it stays in the first-level cache, and read once: the logits that
/// it becomes are exponentiated at once and go nowhere. So their maximum is not known beforehand, and what is taken off the exponents is
/// any number not far from it: zero at first, and the largest logit of a group that stands far above, which is then done again. What
/// happens to a row depends on that row and on V alone. What is not a number in z or σ is so in every logit of its row, and shows in the
/// target's.
/// </remarks>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    private const int LowRankRows = 24;
    private const int LowRankPanels = 4;

    /// <summary>How far the largest logit may stand from what is taken off: e⁴⁰, and the sum of V of them, is far from overflow.</summary>
    private const float MaximalDistance = 40;

    /// <inheritdoc/>
    public override void LowRankCrossEntropyForward(
        MatrixView frozen,
        MatrixView z,
        PackedMatrix mixing,
        ReadOnlySpan<float> inverseScale,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        Span<double> losses,
        Scratch scratch)
    {
        CheckCrossEntropy(z, mixing, bias, targets, losses);
        CheckShape(frozen, z.Rows, mixing.Columns);
        CheckLength(inverseScale.Length, z.Rows);
        using Scratch.Frame frame = scratch.Enter();
        LowRankBuffers buffers = new(frame, bias, mixing);
        RowStatistics statistics = new(frame, LowRankRows);
        for (int row = 0; row < z.Rows; row += LowRankRows)
        {
            int rows = Math.Min(LowRankRows, z.Rows - row);
            LowRankRowBlock block = new(
                frozen.RowRange(row, rows), z.RowRange(row, rows), mixing, inverseScale.Slice(row, rows), targets.Slice(row, rows));
            statistics.Reset(rows);
            SumBlock<DroppedExponentials>(block, buffers, statistics, default);
            statistics.WriteLosses(losses.Slice(row, rows));
        }
    }

    /// <summary>Adds the exponentials of all logits of at most <see cref="LowRankRows"/> rows to their statistics.</summary>
    private static void SumBlock<TUse>(in LowRankRowBlock block, in LowRankBuffers buffers, RowStatistics statistics, in KeptExponentials kept)
        where TUse : struct, IExponentialUse
    {
        PackedMatrix mixing = block.Mixing;
        int rows = block.Z.Rows;
        for (int panel = 0; panel < mixing.Panels; panel += LowRankPanels)
        {
            int panels = Math.Min(LowRankPanels, mixing.Panels - panel);
            MakeLogits(block.Z, mixing, panel, panels, buffers.Products);
            for (int i = 0; i < rows; i++)
            {
                LowRankGroup group = new(
                    buffers.Products + ((long)i * PanelWidth),
                    (long)rows * PanelWidth,
                    block.Frozen.RowPointer(i),
                    buffers,
                    block.InverseScale[i],
                    panel,
                    panels,
                    mixing.Columns);
                AddGroup<TUse>(group, block.Targets[i], statistics, i, kept);
            }
        }
    }

    /// <summary>Adds the exponentials of one row's group of panels to its statistics, whose maximum is what is taken off.</summary>
    private static void AddGroup<TUse>(in LowRankGroup group, int target, RowStatistics statistics, int row, in KeptExponentials kept)
        where TUse : struct, IExponentialUse
    {
        bool isFirst = group.FirstPanel == 0;
        float shift = isFirst ? 0 : statistics.Maximum[row];
        float sum = SumExponentials<TUse>(group, shift, kept.Row(row), out float largest, out float weighted);
        if (largest > shift + MaximalDistance || (isFirst && largest < shift - MaximalDistance))
        {
            double rescale = isFirst ? 0 : Math.Exp((double)shift - largest);
            statistics.Sum[row] *= rescale;
            if (TUse.Keeps)
            {
                kept.Rescale(row, group.FirstPanel, rescale);
            }

            shift = largest;
            sum = SumExponentials<TUse>(group, shift, kept.Row(row), out _, out weighted);
        }

        statistics.Maximum[row] = shift;
        statistics.Sum[row] += sum;
        if (TUse.Keeps)
        {
            kept.Weighted[row] += weighted;
        }

        int column = target - (group.FirstPanel * PanelWidth);
        if (column >= 0 && column < group.Panels * PanelWidth)
        {
            float product = group.Product[(column / PanelWidth * group.PanelStride) + (column % PanelWidth)];
            float value = group.Frozen[target] + product;
            statistics.Target[row] = MathF.FusedMultiplyAdd(value, group.InverseScale, group.Bias[target]);
            if (TUse.Keeps)
            {
                kept.TargetValue[row] = value;
            }
        }
    }

    /// <summary>
    /// Σ exp(logit − shift) over a group, and its largest logit. Kept exponentials are written, and <paramref name="weighted"/> is
    /// Σ exp(logit − shift)·(frozen + z·M).
    /// </summary>
    private static float SumExponentials<TUse>(in LowRankGroup group, float shift, KeptRow kept, out float largest, out float weighted)
        where TUse : struct, IExponentialUse
    {
        TVector scale = TSimd.Broadcast(group.InverseScale);
        TVector taken = TSimd.Broadcast(shift);
        TVector maximum = TSimd.Broadcast(float.NegativeInfinity);
        TVector even = TSimd.Zero;
        TVector odd = TSimd.Zero;
        TVector evenWeighted = TSimd.Zero;
        TVector oddWeighted = TSimd.Zero;
        for (int p = 0; p < group.Panels; p++)
        {
            int column = (group.FirstPanel + p) * PanelWidth;
            float* product = group.Product + (p * group.PanelStride);
            float* bias = group.Bias + column;
            float* frozen = group.Frozen + column;
            if (column + PanelWidth > group.Columns)
            {
                new ReadOnlySpan<float>(frozen, group.Columns - column).CopyTo(new Span<float>(group.Tail, PanelWidth));
                frozen = group.Tail;
            }

            for (int v = 0; v < 4; v += 2)
            {
                int at = v * TSimd.Count;
                int next = at + TSimd.Count;
                TVector first = TSimd.Add(TSimd.Load(frozen + at), TSimd.Load(product + at));
                TVector second = TSimd.Add(TSimd.Load(frozen + next), TSimd.Load(product + next));
                TVector firstLogit = TSimd.FusedMultiplyAdd(first, scale, TSimd.Load(bias + at));
                TVector secondLogit = TSimd.FusedMultiplyAdd(second, scale, TSimd.Load(bias + next));
                maximum = TSimd.Max(maximum, TSimd.Max(firstLogit, secondLogit));
                TVector firstTerm = VectorMath<TSimd, TVector>.ExpOfTerm(TSimd.Subtract(firstLogit, taken));
                TVector secondTerm = VectorMath<TSimd, TVector>.ExpOfTerm(TSimd.Subtract(secondLogit, taken));
                even = TSimd.Add(even, firstTerm);
                odd = TSimd.Add(odd, secondTerm);
                if (TUse.Keeps)
                {
                    float* target = kept.Panel(group.FirstPanel + p);
                    TSimd.Store(firstTerm, target + at);
                    TSimd.Store(secondTerm, target + next);
                    evenWeighted = TSimd.FusedMultiplyAdd(firstTerm, first, evenWeighted);
                    oddWeighted = TSimd.FusedMultiplyAdd(secondTerm, second, oddWeighted);
                }
            }
        }

        largest = TSimd.MaxElement(maximum);
        weighted = TUse.Keeps ? TSimd.Sum(TSimd.Add(evenWeighted, oddWeighted)) : 0;
        return TSimd.Sum(TSimd.Add(even, odd));
    }
}
