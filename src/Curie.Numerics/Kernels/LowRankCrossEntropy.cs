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
        float* paddedBias = PadBias(bias, mixing, frame);
        float* tail = frame.Pointer(PanelWidth);
        new Span<float>(tail, PanelWidth).Clear();
        RowStatistics statistics = new(frame, LowRankRows);
        float* products = frame.Pointer((long)LowRankPanels * LowRankRows * PanelWidth);
        for (int row = 0; row < z.Rows; row += LowRankRows)
        {
            int rows = Math.Min(LowRankRows, z.Rows - row);
            statistics.Reset(rows);
            for (int panel = 0; panel < mixing.Panels; panel += LowRankPanels)
            {
                int panels = Math.Min(LowRankPanels, mixing.Panels - panel);
                MakeLogits(z.RowRange(row, rows), mixing, panel, panels, products);
                for (int i = 0; i < rows; i++)
                {
                    LowRankGroup group = new(
                        products + ((long)i * PanelWidth),
                        (long)rows * PanelWidth,
                        frozen.RowPointer(row + i),
                        paddedBias,
                        tail,
                        inverseScale[row + i],
                        panel,
                        panels,
                        mixing.Columns);
                    AddGroup(group, targets[row + i], statistics, i);
                }
            }

            statistics.WriteLosses(losses.Slice(row, rows));
        }
    }

    /// <summary>Adds the exponentials of one row's group of panels to its statistics, whose maximum is what is taken off.</summary>
    private static void AddGroup(in LowRankGroup group, int target, RowStatistics statistics, int row)
    {
        bool isFirst = group.FirstPanel == 0;
        float shift = isFirst ? 0 : statistics.Maximum[row];
        float sum = SumExponentials(group, shift, out float largest);
        if (largest > shift + MaximalDistance || (isFirst && largest < shift - MaximalDistance))
        {
            statistics.Sum[row] *= isFirst ? 0 : Math.Exp((double)shift - largest);
            shift = largest;
            sum = SumExponentials(group, shift, out _);
        }

        statistics.Maximum[row] = shift;
        statistics.Sum[row] += sum;
        int column = target - (group.FirstPanel * PanelWidth);
        if (column >= 0 && column < group.Panels * PanelWidth)
        {
            float product = group.Product[(column / PanelWidth * group.PanelStride) + (column % PanelWidth)];
            statistics.Target[row] = MathF.FusedMultiplyAdd(group.Frozen[target] + product, group.InverseScale, group.Bias[target]);
        }
    }

    /// <summary>Σ exp(logit − shift) over a group, and its largest logit.</summary>
    private static float SumExponentials(in LowRankGroup group, float shift, out float largest)
    {
        TVector scale = TSimd.Broadcast(group.InverseScale);
        TVector taken = TSimd.Broadcast(shift);
        TVector maximum = TSimd.Broadcast(float.NegativeInfinity);
        TVector even = TSimd.Zero;
        TVector odd = TSimd.Zero;
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
                first = TSimd.FusedMultiplyAdd(first, scale, TSimd.Load(bias + at));
                second = TSimd.FusedMultiplyAdd(second, scale, TSimd.Load(bias + next));
                maximum = TSimd.Max(maximum, TSimd.Max(first, second));
                even = TSimd.Add(even, VectorMath<TSimd, TVector>.ExpOfTerm(TSimd.Subtract(first, taken)));
                odd = TSimd.Add(odd, VectorMath<TSimd, TVector>.ExpOfTerm(TSimd.Subtract(second, taken)));
            }
        }

        largest = TSimd.MaxElement(maximum);
        return TSimd.Sum(TSimd.Add(even, odd));
    }

    /// <summary>One row of a group of panels of z·M, and what makes logits of it.</summary>
    private readonly struct LowRankGroup(
        float* product, long panelStride, float* frozen, float* bias, float* tail, float inverseScale, int firstPanel, int panels, int columns)
    {
        /// <summary>The first panel's product; the others follow at a distance of <see cref="PanelStride"/>.</summary>
        public readonly float* Product = product;

        public readonly long PanelStride = panelStride;

        /// <summary>The row's frozen part, all V of it.</summary>
        public readonly float* Frozen = frozen;

        /// <summary>All biases, padded.</summary>
        public readonly float* Bias = bias;

        /// <summary>One panel's width of room, for the frozen part's last panel.</summary>
        public readonly float* Tail = tail;

        public readonly float InverseScale = inverseScale;

        public readonly int FirstPanel = firstPanel;

        public readonly int Panels = panels;

        /// <summary>V.</summary>
        public readonly int Columns = columns;
    }
}
