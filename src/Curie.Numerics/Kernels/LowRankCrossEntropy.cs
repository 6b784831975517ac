using Curie.Numerics.Memory;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <remarks>
/// As in <see cref="CrossEntropyForward"/>, logits are made for a group of panels at a time and the log-sum-exp is a running one. With so
/// few multiplications a logit the blocks are smaller, so that a group's logits stay close to the first-level cache.
/// </remarks>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    private const int LowRankRows = 48;
    private const int LowRankPanels = 4;

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
        float* logits = frame.Pointer((long)LowRankPanels * LowRankRows * PanelWidth);
        for (int row = 0; row < z.Rows; row += LowRankRows)
        {
            int rows = Math.Min(LowRankRows, z.Rows - row);
            statistics.Reset(rows);
            for (int panel = 0; panel < mixing.Panels; panel += LowRankPanels)
            {
                int panels = Math.Min(LowRankPanels, mixing.Panels - panel);
                MakeLogits(z.RowRange(row, rows), mixing, panel, panels, logits);
                for (int i = 0; i < rows; i++)
                {
                    float* first = logits + ((long)i * PanelWidth);
                    TVector maximum = FinishLogits(
                        first, (long)rows * PanelWidth, frozen.RowPointer(row + i), inverseScale[row + i], paddedBias, panel, panels, mixing.Columns, tail);
                    AddToStatistics(first, (long)rows * PanelWidth, panel, panels, targets[row + i], TSimd.MaxElement(maximum), statistics, i);
                }
            }

            statistics.WriteLosses(losses.Slice(row, rows));
        }
    }

    /// <summary>One row of a group of panels: product ← (frozen + product)/σ + b. Returns the largest values.</summary>
    private static TVector FinishLogits(
        float* product, long panelStride, float* frozen, float inverseScale, float* paddedBias, int firstPanel, int panels, int columns, float* tail)
    {
        TVector scale = TSimd.Broadcast(inverseScale);
        TVector maximum = TSimd.Broadcast(float.NegativeInfinity);
        for (int p = 0; p < panels; p++)
        {
            int column = (firstPanel + p) * PanelWidth;
            float* logit = product + (p * panelStride);
            float* bias = paddedBias + column;
            float* constant = frozen + column;
            if (column + PanelWidth > columns)
            {
                new ReadOnlySpan<float>(constant, columns - column).CopyTo(new Span<float>(tail, PanelWidth));
                constant = tail;
            }

            for (int v = 0; v < 4; v++)
            {
                int at = v * TSimd.Count;
                TVector sum = TSimd.Add(TSimd.Load(constant + at), TSimd.Load(logit + at));
                TVector value = TSimd.FusedMultiplyAdd(sum, scale, TSimd.Load(bias + at));
                TSimd.Store(value, logit + at);
                maximum = TSimd.Max(maximum, value);
            }
        }

        return maximum;
    }
}
