using Curie.Numerics.Memory;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <remarks>
/// z·M is made for a group of panels at a time, few enough rows that it stays in the first-level cache, and read once: the logits that
/// it becomes are exponentiated at once. So their maximum is not known beforehand, and what is taken off the exponents is any number not
/// far below it: the largest logit of the first group, and later that of a group whose sum shows that it stands far above; this group is
/// done again. What happens to a row depends on that row and on V alone. What is not a number in z or σ is so in every logit of its row,
/// and shows in the target's.
/// </remarks>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    private const int LowRankRows = 24;
    private const int LowRankPanels = 4;

    /// <summary>A group's sum above which its largest logit stands too far above what is taken off: far from overflow.</summary>
    private const float MaximalSum = 1e18f;

    /// <summary>How far ahead of its use the frozen part, the one operand that comes from memory, is asked for: two groups of panels.</summary>
    private static int FrozenAhead => 2 * LowRankPanels * PanelWidth;

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
            LowRankGroup group = new(block, buffers, panel, panels);
            for (int row = 0; row < rows; row++)
            {
                AddGroup<TUse>(group, block.InverseScale[row], block.Targets[row], statistics, row, kept);
            }
        }
    }

    /// <summary>Adds the exponentials of one row's group of panels to its statistics, whose maximum is what is taken off.</summary>
    private static void AddGroup<TUse>(
        in LowRankGroup group, float inverseScale, int target, RowStatistics statistics, int row, in KeptExponentials kept)
        where TUse : struct, IExponentialUse
    {
        bool isFirst = group.FirstPanel == 0;
        float shift = isFirst ? LargestLogit(group, row, inverseScale) : statistics.Maximum[row];
        float sum = SumExponentials<TUse>(group, row, inverseScale, shift, kept);
        if (sum > MaximalSum)
        {
            float largest = LargestLogit(group, row, inverseScale);
            double rescale = Math.Exp((double)shift - largest);
            statistics.Sum[row] *= rescale;
            if (TUse.Keeps)
            {
                kept.Rescale(row, group.FirstPanel, rescale);
            }

            shift = largest;
            sum = SumExponentials<TUse>(group, row, inverseScale, shift, kept);
        }

        statistics.Maximum[row] = shift;
        statistics.Sum[row] += sum;
        if (TUse.Keeps)
        {
            kept.Weighted[row] += kept.GroupWeighted[row];
        }

        int column = target - (group.FirstPanel * PanelWidth);
        if (column >= 0 && column < group.Panels * PanelWidth)
        {
            group.Locate(row, column / PanelWidth, out float* product, out float* frozen);
            float value = frozen[column % PanelWidth] + product[column % PanelWidth];
            statistics.Target[row] = MathF.FusedMultiplyAdd(value, inverseScale, group.Bias[column]);
            if (TUse.Keeps)
            {
                kept.TargetValue[row] = value;
            }
        }
    }

    /// <summary>The largest logit of a group.</summary>
    private static float LargestLogit(in LowRankGroup group, int row, float inverseScale)
    {
        TVector scale = TSimd.Broadcast(inverseScale);
        TVector maximum = TSimd.Broadcast(float.NegativeInfinity);
        for (int p = 0; p < group.Panels; p++)
        {
            group.Locate(row, p, out float* product, out float* frozen);
            float* bias = group.Bias + (p * PanelWidth);
            for (int at = 0; at < PanelWidth; at += TSimd.Count)
            {
                TVector value = TSimd.Add(TSimd.Load(frozen + at), TSimd.Load(product + at));
                maximum = TSimd.Max(maximum, TSimd.FusedMultiplyAdd(value, scale, TSimd.Load(bias + at)));
            }
        }

        return TSimd.MaxElement(maximum);
    }

    /// <summary>
    /// Σ exp(logit − shift) over a group. Kept exponentials are written, and the sum of their products with frozen + z·M.
    /// </summary>
    private static float SumExponentials<TUse>(in LowRankGroup group, int row, float inverseScale, float shift, in KeptExponentials kept)
        where TUse : struct, IExponentialUse
    {
        TVector scale = TSimd.Broadcast(inverseScale);
        TVector taken = TSimd.Broadcast(shift);
        TVector even = TSimd.Zero;
        TVector odd = TSimd.Zero;
        TVector evenWeighted = TSimd.Zero;
        TVector oddWeighted = TSimd.Zero;
        for (int p = 0; p < group.Panels; p++)
        {
            group.Locate(row, p, out float* product, out float* frozen);
            float* bias = group.Bias + (p * PanelWidth);
            CacheHint.Prefetch(frozen + FrozenAhead, PanelWidth);
            for (int at = 0; at < PanelWidth; at += 2 * TSimd.Count)
            {
                int next = at + TSimd.Count;
                TVector first = TSimd.Add(TSimd.Load(frozen + at), TSimd.Load(product + at));
                TVector second = TSimd.Add(TSimd.Load(frozen + next), TSimd.Load(product + next));
                TVector firstLogit = TSimd.FusedMultiplyAdd(first, scale, TSimd.Load(bias + at));
                TVector secondLogit = TSimd.FusedMultiplyAdd(second, scale, TSimd.Load(bias + next));
                TVector firstTerm = VectorMath<TSimd, TVector>.ExpOfTerm(TSimd.Subtract(firstLogit, taken));
                TVector secondTerm = VectorMath<TSimd, TVector>.ExpOfTerm(TSimd.Subtract(secondLogit, taken));
                even = TSimd.Add(even, firstTerm);
                odd = TSimd.Add(odd, secondTerm);
                if (TUse.Keeps)
                {
                    float* target = kept.Row(row, group.FirstPanel + p);
                    TSimd.Store(firstTerm, target + at);
                    TSimd.Store(secondTerm, target + next);
                    evenWeighted = TSimd.FusedMultiplyAdd(firstTerm, first, evenWeighted);
                    oddWeighted = TSimd.FusedMultiplyAdd(secondTerm, second, oddWeighted);
                }
            }
        }

        if (TUse.Keeps)
        {
            kept.GroupWeighted[row] = TSimd.Sum(TSimd.Add(evenWeighted, oddWeighted));
        }

        return TSimd.Sum(TSimd.Add(even, odd));
    }
}
