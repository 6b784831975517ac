using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <remarks>
/// With E_iv = exp(logit_iv − shift_i), kept from the pass that sums them to S_i, the gradient is g_i = (scale/S_i)·(E_i − S_i·onehot). The
/// factor of a row is left out of E: it goes onto the row's result in g·Mᵀ and onto z_i in (z/σ)ᵀ·g. So nothing is exponentiated twice,
/// and the second pass over the logits is two products that read the same panel of a block of rows.
/// </remarks>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <summary>Rows per block, whose exponentials over all V are kept: a multiple of <see cref="LowRankRows"/>.</summary>
    private const int LowRankBackwardRows = 48;

    /// <inheritdoc/>
    public override void LowRankCrossEntropyBackward(
        MatrixView frozen,
        MatrixView z,
        PackedMatrix mixing,
        PackedMatrix mixingTransposed,
        ReadOnlySpan<float> inverseScale,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        float scale,
        Span<double> losses,
        MatrixView mixed,
        Span<float> product,
        MatrixView mixingGradient,
        Scratch scratch)
    {
        CheckCrossEntropy(z, mixing, bias, targets, losses);
        CheckShape(frozen, z.Rows, mixing.Columns);
        CheckLength(inverseScale.Length, z.Rows);
        CheckShape(mixed, z.Rows, z.Columns);
        CheckLength(product.Length, z.Rows);
        CheckGradients(z, mixing, mixingTransposed, mixed, mixingGradient, []);
        using Scratch.Frame frame = scratch.Enter();
        LowRankBuffers buffers = new(frame, bias, mixing);
        RowStatistics statistics = new(frame, LowRankBackwardRows);
        MatrixView weights = frame.Matrix(LowRankBackwardRows, z.Columns);
        KeptExponentials room = new(frame, LowRankBackwardRows, mixing.Panels);
        for (int row = 0; row < z.Rows; row += LowRankBackwardRows)
        {
            int rows = Math.Min(LowRankBackwardRows, z.Rows - row);
            LowRankRowBlock block = new(
                frozen.RowRange(row, rows), z.RowRange(row, rows), mixing, inverseScale.Slice(row, rows), targets.Slice(row, rows));
            KeptExponentials kept = room.ForRows(rows);
            statistics.Reset(rows);
            for (int part = 0; part < rows; part += LowRankRows)
            {
                int count = Math.Min(LowRankRows, rows - part);
                SumBlock<StoredExponentials>(block.Range(part, count), buffers, statistics.From(part), kept.From(part));
            }

            statistics.WriteLosses(losses.Slice(row, rows));
            Span<float> blockProduct = product.Slice(row, rows);
            for (int i = 0; i < rows; i++)
            {
                FinishRow(block, i, scale, statistics.Sum[i], kept, weights.RowPointer(i), out blockProduct[i]);
            }

            MatrixView blockMixed = mixed.RowRange(row, rows);
            for (int panel = 0; panel < mixing.Panels; panel++)
            {
                AddPanelGradients(
                    kept.Row(0, panel), weights.RowRange(0, rows), panel, mixingTransposed, blockMixed, mixingGradient, []);
            }

            for (int i = 0; i < rows; i++)
            {
                ScaleRow(blockMixed.RowPointer(i), (float)(scale / statistics.Sum[i]), blockMixed.RowPointer(i), z.Columns);
            }
        }
    }

    /// <summary>Takes S off the target's exponential, and gives the row's weights (scale/S)·z/σ and its Σ g·(logit − b).</summary>
    private static void FinishRow(
        in LowRankRowBlock block, int row, float scale, double sum, in KeptExponentials kept, float* weights, out float product)
    {
        int target = block.Targets[row];
        float* exponential = kept.Row(row, target / PanelWidth) + (target % PanelWidth);
        *exponential = (float)(*exponential - sum);
        double factor = scale / sum * block.InverseScale[row];
        ScaleRow(block.Z.RowPointer(row), (float)factor, weights, block.Z.Columns);
        product = (float)(factor * (kept.Weighted[row] - (sum * kept.TargetValue[row])));
    }
}
