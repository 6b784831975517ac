using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <remarks>
/// The rows of a block are so few that the products of a group of panels stay in the first-level cache. The gradients' second pass over
/// the exponentials is that of <see cref="CrossEntropyBackward"/>, with 1/σ in the rows' weights.
/// </remarks>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    private const int LowRankRows = 24;
    private const int LowRankPanels = 4;

    /// <summary>Rows per block of the backward pass, whose exponentials over all V are kept.</summary>
    private const int LowRankBackwardRows = 2 * LowRankRows;

    /// <inheritdoc/>
    public override void LowRankCrossEntropyForward(
        MatrixView frozen,
        MatrixView z,
        PackedMatrix mixing,
        ReadOnlySpan<float> inverseScale,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        Span<double> losses,
        Scratch scratch
    )
    {
        CheckCrossEntropy(z, mixing, bias, targets, losses);
        CheckShape(frozen, z.Rows, mixing.Columns);
        CheckLength(inverseScale.Length, z.Rows);
        using Scratch.Frame frame = scratch.Enter();
        LogitBuffers buffers = new(frame, LowRankRows, LowRankPanels, bias, mixing);
        RowStatistics statistics = new(frame, LowRankRows);
        LogitRows all = new(z, mixing, frozen, inverseScale, targets);
        for (int row = 0; row < z.Rows; row += LowRankRows)
        {
            int rows = Math.Min(LowRankRows, z.Rows - row);
            statistics.Reset(rows);
            SumRows<LowRankLosses>(all.Range(row, rows), buffers, statistics, default);
            statistics.WriteLosses(losses.Slice(row, rows));
        }
    }

    /// <inheritdoc/>
    public override void LowRankCrossEntropyBackward(
        MatrixView frozen,
        MatrixView z,
        PackedMatrix mixing,
        PackedMatrix mixingTransposed,
        ReadOnlySpan<float> inverseScale,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        LossScale scale,
        Span<double> losses,
        MatrixView mixed,
        Span<float> product,
        MatrixView mixingGradient,
        Scratch scratch
    )
    {
        CheckCrossEntropy(z, mixing, bias, targets, losses);
        CheckShape(frozen, z.Rows, mixing.Columns);
        CheckLength(inverseScale.Length, z.Rows);
        CheckShape(mixed, z.Rows, z.Columns);
        CheckLength(product.Length, z.Rows);
        CheckScale(scale, z.Rows);
        CheckGradients(z, mixing, mixingTransposed, mixed, mixingGradient, []);
        using Scratch.Frame frame = scratch.Enter();
        LogitBuffers buffers = new(frame, LowRankRows, LowRankPanels, bias, mixing);
        RowStatistics statistics = new(frame, LowRankBackwardRows);
        MatrixView weighted = frame.Matrix(LowRankBackwardRows, z.Columns);
        Span<float> factors = frame.Vector(LowRankBackwardRows);
        KeptExponentials room = new(frame, LowRankBackwardRows, mixing.Panels);
        LogitRows all = new(z, mixing, frozen, inverseScale, targets);
        for (int row = 0; row < z.Rows; row += LowRankBackwardRows)
        {
            int rows = Math.Min(LowRankBackwardRows, z.Rows - row);
            LogitRows block = all.Range(row, rows);
            KeptExponentials kept = room.ForRows(rows);
            statistics.Reset(rows);
            for (int part = 0; part < rows; part += LowRankRows)
            {
                int count = Math.Min(LowRankRows, rows - part);
                SumRows<LowRankGradients>(block.Range(part, count), buffers, statistics.From(part), kept.From(part));
            }

            statistics.WriteLosses(losses.Slice(row, rows));
            for (int i = 0; i < rows; i++)
            {
                double sum = statistics.Sum[i];
                double overSum = scale[row + i] / sum;
                double overScale = overSum * inverseScale[row + i];
                factors[i] = (float)overSum;
                ScaleRow(z.RowPointer(row + i), (float)overScale, weighted.RowPointer(i), z.Columns);
                product[row + i] = (float)(overScale * (kept.Weighted[i] - (sum * kept.TargetValue[i])));
            }

            TakeOffTargets(block.Targets, statistics, kept);
            AddBlockGradients(
                kept,
                weighted.RowRange(0, rows),
                factors[..rows],
                mixingTransposed,
                mixed.RowRange(row, rows),
                mixingGradient,
                [],
                transposed: false,
                scratch
            );
        }
    }
}
