using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <remarks>
/// With E_iv = exp(logit_iv − shift_i), kept from the pass that sums them to S_i, the gradient is g_i = (scale/S_i)·(E_i − S_i·onehot). The
/// factor scale/S_i is left out of E: it goes onto the row's sums in g·Wᵀ and onto x_i in xᵀ·g. So nothing is exponentiated twice, and the
/// second pass over the logits is products alone. E lies panel by panel, a block of rows × PanelWidth without gaps, which is the layout of
/// a packed right-hand side: the same memory is the left operand of g·Wᵀ and the right operand of xᵀ·g.
/// </remarks>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <summary>Panels whose logits are made before they are summed.</summary>
    private const int PanelGroup = 4;

    /// <summary>Rows per block of the forward pass: with a group of panels they fit the second-level cache.</summary>
    private const int ForwardRows = 96;

    /// <summary>Limits on the rows per block of the backward pass, which keeps the exponentials of all V for its rows.</summary>
    private const int MinBackwardRows = 48;
    private const int MaxBackwardRows = 192;
    private const int BackwardElements = 1 << 20;

    /// <inheritdoc/>
    public override void CrossEntropyForward(
        MatrixView x,
        PackedMatrix unembed,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        Span<double> losses,
        Scratch scratch
    )
    {
        CheckCrossEntropy(x, unembed, bias, targets, losses);
        using Scratch.Frame frame = scratch.Enter();
        LogitBuffers buffers = new(frame, ForwardRows, PanelGroup, bias, unembed);
        RowStatistics statistics = new(frame, ForwardRows);
        LogitRows all = new(x, unembed, targets);
        for (int row = 0; row < x.Rows; row += ForwardRows)
        {
            int rows = Math.Min(ForwardRows, x.Rows - row);
            statistics.Reset(rows);
            SumRows<PlainLosses>(all.Range(row, rows), buffers, statistics, default);
            statistics.WriteLosses(losses.Slice(row, rows));
        }
    }

    /// <inheritdoc/>
    public override void CrossEntropyBackward(
        MatrixView x,
        PackedMatrix unembed,
        PackedMatrix unembedTransposed,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        LossScale scale,
        Span<double> losses,
        MatrixView dx,
        MatrixView weightGradient,
        Span<float> biasGradient,
        Scratch scratch,
        bool transposed = false
    )
    {
        CheckCrossEntropy(x, unembed, bias, targets, losses);
        CheckScale(scale, x.Rows);
        CheckGradients(x, unembed, unembedTransposed, dx, weightGradient, biasGradient, transposed);
        int paddedColumns = unembed.Panels * PanelWidth;
        int size = Math.Clamp(BackwardElements / Math.Max(paddedColumns, 1), MinBackwardRows, MaxBackwardRows) / 6 * 6;
        using Scratch.Frame frame = scratch.Enter();
        LogitBuffers buffers = new(frame, size, PanelGroup, bias, unembed);
        RowStatistics statistics = new(frame, size);
        MatrixView weighted = frame.Matrix(size, x.Columns);
        Span<float> factors = frame.Vector(size);
        KeptExponentials room = new(frame, size, unembed.Panels);
        LogitRows all = new(x, unembed, targets);
        for (int row = 0; row < x.Rows; row += size)
        {
            int rows = Math.Min(size, x.Rows - row);
            LogitRows block = all.Range(row, rows);
            KeptExponentials kept = room.ForRows(rows);
            statistics.Reset(rows);
            SumRows<PlainGradients>(block, buffers, statistics, kept);
            statistics.WriteLosses(losses.Slice(row, rows));
            for (int i = 0; i < rows; i++)
            {
                factors[i] = (float)(scale[row + i] / statistics.Sum[i]);
                ScaleRow(block.Left.RowPointer(i), factors[i], weighted.RowPointer(i), x.Columns);
            }

            TakeOffTargets(block.Targets, statistics, kept);
            MatrixView blockGradient = dx.Rows == 0 ? dx : dx.RowRange(row, rows);
            AddBlockGradients(
                kept,
                weighted.RowRange(0, rows),
                factors[..rows],
                unembedTransposed,
                blockGradient,
                weightGradient,
                biasGradient,
                transposed,
                scratch
            );
        }
    }

    /// <summary>E ← E − S·onehot.</summary>
    private static void TakeOffTargets(ReadOnlySpan<int> targets, RowStatistics statistics, in KeptExponentials kept)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            float* exponential = kept.At(i, targets[i] / PanelWidth) + (targets[i] % PanelWidth);
            *exponential = (float)(*exponential - statistics.Sum[i]);
        }
    }

    /// <summary>Panels of <see cref="PanelWidth"/> columns of a matrix, filled up with zeros.</summary>
    private static float* PackColumns(MatrixView matrix, Scratch.Frame frame)
    {
        int panels = (matrix.Columns + PanelWidth - 1) / PanelWidth;
        float* packed = frame.Pointer((long)panels * matrix.Rows * PanelWidth);
        for (int panel = 0; panel < panels; panel++)
        {
            int first = panel * PanelWidth;
            float* target = packed + ((long)panel * matrix.Rows * PanelWidth);
            PackPanel(matrix.Data + first, matrix.Stride, target, matrix.Rows, Math.Min(PanelWidth, matrix.Columns - first));
        }

        return packed;
    }

    /// <summary>
    /// With g_i = factor_i·E_i: dx = g·Wᵀ, dW += weightedᵀ·E (or dWᵀ += Eᵀ·weighted), where weighted_i is factor_i·x_i, and db += Σ g_i.
    /// </summary>
    private static void AddBlockGradients(
        in KeptExponentials kept,
        MatrixView weighted,
        ReadOnlySpan<float> factors,
        PackedMatrix unembedTransposed,
        MatrixView dx,
        MatrixView weightGradient,
        Span<float> biasGradient,
        bool transposed,
        Scratch scratch
    )
    {
        using Scratch.Frame frame = scratch.Enter();
        float* packed = transposed && weightGradient.Rows > 0 ? PackColumns(weighted, frame) : null;
        for (int panel = 0; panel * PanelWidth < unembedTransposed.Depth; panel++)
        {
            float* exponentials = kept.At(0, panel);
            int firstColumn = panel * PanelWidth;
            int columns = Math.Min(PanelWidth, unembedTransposed.Depth - firstColumn);
            for (int p = 0; p < unembedTransposed.Panels && dx.Rows > 0; p++)
            {
                int column = p * PanelWidth;
                float* right = unembedTransposed.Panel(p) + ((long)firstColumn * PanelWidth);
                int width = Math.Min(PanelWidth, dx.Columns - column);
                MultiplyPanel(exponentials, PanelWidth, 1, dx.Rows, right, columns, dx.Data + column, dx.Stride, width, panel > 0);
            }

            if (weightGradient.Rows > 0 && transposed)
            {
                for (int p = 0; p * PanelWidth < weighted.Columns; p++)
                {
                    // Rows of Wᵀ's gradient are the panel's columns, and x_i is the right-hand side.
                    MultiplyPanel(
                        exponentials,
                        1,
                        PanelWidth,
                        columns,
                        packed + ((long)p * weighted.Rows * PanelWidth),
                        weighted.Rows,
                        weightGradient.RowPointer(firstColumn) + (p * PanelWidth),
                        weightGradient.Stride,
                        Math.Min(PanelWidth, weighted.Columns - (p * PanelWidth)),
                        true
                    );
                }
            }
            else if (weightGradient.Rows > 0)
            {
                float* target = weightGradient.Data + firstColumn;
                MultiplyPanel(
                    weighted.Data,
                    1,
                    weighted.Stride,
                    weighted.Columns,
                    exponentials,
                    weighted.Rows,
                    target,
                    weightGradient.Stride,
                    columns,
                    true
                );
            }

            if (!biasGradient.IsEmpty)
            {
                AddWeightedRows(exponentials, factors, biasGradient.Slice(firstColumn, columns));
            }
        }

        for (int i = 0; i < dx.Rows; i++)
        {
            ScaleRow(dx.RowPointer(i), factors[i], dx.RowPointer(i), dx.Columns);
        }
    }

    /// <summary>sums += Σ_i factor_i · row i of one panel.</summary>
    private static void AddWeightedRows(float* panel, ReadOnlySpan<float> factors, Span<float> sums)
    {
        fixed (float* target = sums)
        {
            for (int column = 0; column < sums.Length; column += TSimd.Count)
            {
                TVector sum = TSimd.Zero;
                for (int row = 0; row < factors.Length; row++)
                {
                    sum = TSimd.FusedMultiplyAdd(TSimd.Broadcast(factors[row]), TSimd.Load(panel + ((long)row * PanelWidth) + column), sum);
                }

                int count = Math.Min(TSimd.Count, sums.Length - column);
                TSimd.StorePartial(TSimd.Add(TSimd.LoadPartial(target + column, count), sum), target + column, count);
            }
        }
    }
}
