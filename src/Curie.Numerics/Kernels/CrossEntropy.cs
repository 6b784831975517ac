using System.Runtime.CompilerServices;
using Curie.Numerics.Memory;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <remarks>
/// Logits are made panel by panel: a block of rows × PanelWidth lies without gaps, which is the layout of a packed right-hand side. So the
/// same memory, overwritten by the gradient g, is the left operand of g·Wᵀ and the right operand of xᵀ·g with nothing copied.
/// The log-sum-exp is kept as a running maximum and a running sum (Milakov and Gimelshein, "Online normalizer calculation for softmax",
/// 2018), brought up to date after every group of panels. What happens to a row depends on that row and on V alone.
/// </remarks>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <summary>Panels between two updates of the running log-sum-exp.</summary>
    private const int PanelGroup = 8;

    /// <summary>Rows per block of the forward pass: with a group of panels they fit the second-level cache.</summary>
    private const int ForwardRows = 96;

    /// <summary>Limits on the rows per block of the backward pass, which keeps the logits of all V for its rows.</summary>
    private const int MinBackwardRows = 48;
    private const int MaxBackwardRows = 192;
    private const int BackwardElements = 1 << 19;

    public override void CrossEntropyForward(
        MatrixView x, PackedMatrix unembed, ReadOnlySpan<float> bias, ReadOnlySpan<int> targets, Span<double> losses, Scratch scratch)
    {
        CheckCrossEntropy(x, unembed, bias, targets, losses);
        using Scratch.Frame frame = scratch.Enter();
        float* paddedBias = PadBias(bias, unembed, frame);
        RowStatistics statistics = new(frame, ForwardRows);
        float* logits = frame.Pointer((long)PanelGroup * ForwardRows * PanelWidth);
        for (int row = 0; row < x.Rows; row += ForwardRows)
        {
            int rows = Math.Min(ForwardRows, x.Rows - row);
            statistics.Reset(rows);
            for (int panel = 0; panel < unembed.Panels; panel += PanelGroup)
            {
                int panels = Math.Min(PanelGroup, unembed.Panels - panel);
                MakeLogits(x.RowRange(row, rows), unembed, panel, panels, logits);
                UpdateStatistics(logits, rows, paddedBias, panel, panels, targets.Slice(row, rows), statistics);
            }

            statistics.WriteLosses(losses.Slice(row, rows));
        }
    }

    public override void CrossEntropyBackward(
        MatrixView x,
        PackedMatrix unembed,
        PackedMatrix unembedTransposed,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        float scale,
        Span<double> losses,
        MatrixView dx,
        MatrixView weightGradient,
        Span<float> biasGradient,
        Scratch scratch)
    {
        CheckCrossEntropy(x, unembed, bias, targets, losses);
        CheckGradients(x, unembed, unembedTransposed, dx, weightGradient, biasGradient);
        int paddedColumns = unembed.Panels * PanelWidth;
        int block = Math.Clamp(BackwardElements / Math.Max(paddedColumns, 1), MinBackwardRows, MaxBackwardRows) / 6 * 6;
        using Scratch.Frame frame = scratch.Enter();
        float* paddedBias = PadBias(bias, unembed, frame);
        RowStatistics statistics = new(frame, block);
        float* logits = frame.Pointer((long)block * paddedColumns);
        for (int row = 0; row < x.Rows; row += block)
        {
            int rows = Math.Min(block, x.Rows - row);
            MatrixView xRows = x.RowRange(row, rows);
            ReadOnlySpan<int> rowTargets = targets.Slice(row, rows);
            statistics.Reset(rows);
            for (int panel = 0; panel < unembed.Panels; panel += PanelGroup)
            {
                int panels = Math.Min(PanelGroup, unembed.Panels - panel);
                float* group = logits + ((long)panel * rows * PanelWidth);
                MakeLogits(xRows, unembed, panel, panels, group);
                UpdateStatistics(group, rows, paddedBias, panel, panels, rowTargets, statistics);
            }

            Span<double> rowLosses = losses.Slice(row, rows);
            statistics.WriteLosses(rowLosses);
            for (int panel = 0; panel < unembed.Panels; panel++)
            {
                float* g = logits + ((long)panel * rows * PanelWidth);
                LogitsToGradient(g, rows, panel, rowTargets, scale, statistics);
                AddPanelGradients(g, xRows, panel, unembedTransposed, dx.Rows == 0 ? dx : dx.RowRange(row, rows), weightGradient, biasGradient);
            }
        }
    }

    /// <summary>Logits without bias of one group of panels, each panel rows × PanelWidth without gaps.</summary>
    private static void MakeLogits(MatrixView x, PackedMatrix unembed, int firstPanel, int panels, float* logits)
    {
        for (int p = 0; p < panels; p++)
        {
            float* target = logits + ((long)p * x.Rows * PanelWidth);
            if (unembed.Depth == 0)
            {
                new Span<float>(target, x.Rows * PanelWidth).Clear();
            }

            for (int k = 0; k < unembed.Depth; k += DepthBlock)
            {
                int depth = Math.Min(DepthBlock, unembed.Depth - k);
                float* panel = unembed.Panel(firstPanel + p) + ((long)k * PanelWidth);
                MultiplyPanel(x.Data + k, x.Stride, 1, x.Rows, panel, depth, target, PanelWidth, PanelWidth, k > 0);
            }
        }
    }

    /// <summary>Adds the bias to a group of panels and brings each row's maximum and sum up to date.</summary>
    private static void UpdateStatistics(
        float* logits, int rows, float* paddedBias, int firstPanel, int panels, ReadOnlySpan<int> targets, RowStatistics statistics)
    {
        int firstColumn = firstPanel * PanelWidth;
        long panelStride = (long)rows * PanelWidth;
        for (int row = 0; row < rows; row++)
        {
            float* first = logits + ((long)row * PanelWidth);
            TVector maximum = TSimd.Broadcast(float.NegativeInfinity);
            for (int p = 0; p < panels; p++)
            {
                float* logit = first + (p * panelStride);
                float* bias = paddedBias + firstColumn + (p * PanelWidth);
                for (int v = 0; v < 4; v++)
                {
                    TVector value = TSimd.Add(TSimd.Load(logit + (v * TSimd.Count)), TSimd.Load(bias + (v * TSimd.Count)));
                    TSimd.Store(value, logit + (v * TSimd.Count));
                    maximum = TSimd.Max(maximum, value);
                }
            }

            float newMaximum = Math.Max(statistics.Maximum[row], TSimd.MaxElement(maximum));
            TVector shift = TSimd.Broadcast(newMaximum);
            TVector even = TSimd.Zero;
            TVector odd = TSimd.Zero;
            for (int p = 0; p < panels; p++)
            {
                float* logit = first + (p * panelStride);
                for (int v = 0; v < 4; v += 2)
                {
                    TVector value = TSimd.Load(logit + (v * TSimd.Count));
                    TVector next = TSimd.Load(logit + ((v + 1) * TSimd.Count));
                    even = TSimd.Add(even, VectorMath<TSimd, TVector>.Exp(TSimd.Subtract(value, shift)));
                    odd = TSimd.Add(odd, VectorMath<TSimd, TVector>.Exp(TSimd.Subtract(next, shift)));
                }
            }

            double rescale = Math.Exp((double)statistics.Maximum[row] - newMaximum);
            statistics.Sum[row] = (statistics.Sum[row] * rescale) + TSimd.Sum(TSimd.Add(even, odd));
            statistics.Maximum[row] = newMaximum;
            int column = targets[row] - firstColumn;
            if (column >= 0 && column < panels * PanelWidth)
            {
                statistics.Target[row] = first[(column / PanelWidth * panelStride) + (column % PanelWidth)];
            }
        }
    }

    /// <summary>One panel of logits becomes g = scale·(exp(logit − log-sum-exp) − onehot). The columns past V become zeros.</summary>
    private static void LogitsToGradient(float* logits, int rows, int panel, ReadOnlySpan<int> targets, float scale, RowStatistics statistics)
    {
        TVector factor = TSimd.Broadcast(scale);
        for (int row = 0; row < rows; row++)
        {
            float* logit = logits + ((long)row * PanelWidth);

            // The maximum and the sum's logarithm are taken off one after the other: their float32 sum would cost an ulp of the maximum.
            TVector maximum = TSimd.Broadcast(statistics.Maximum[row]);
            TVector logSum = TSimd.Broadcast((float)Math.Log(statistics.Sum[row]));
            for (int v = 0; v < 4; v++)
            {
                float* at = logit + (v * TSimd.Count);
                TVector exponent = TSimd.Subtract(TSimd.Subtract(TSimd.Load(at), maximum), logSum);
                TSimd.Store(TSimd.Multiply(factor, VectorMath<TSimd, TVector>.Exp(exponent)), at);
            }

            int column = targets[row] - (panel * PanelWidth);
            if (column >= 0 && column < PanelWidth)
            {
                logit[column] -= scale;
            }
        }
    }

    /// <summary>What one panel of g (rows × PanelWidth) adds to dx, dW and db. The first panel overwrites dx.</summary>
    private static void AddPanelGradients(
        float* g, MatrixView x, int panel, PackedMatrix unembedTransposed, MatrixView dx, MatrixView weightGradient, Span<float> biasGradient)
    {
        int firstColumn = panel * PanelWidth;
        int columns = Math.Min(PanelWidth, unembedTransposed.Depth - firstColumn);
        for (int p = 0; p < unembedTransposed.Panels && dx.Rows > 0; p++)
        {
            int column = p * PanelWidth;
            float* right = unembedTransposed.Panel(p) + ((long)firstColumn * PanelWidth);
            int width = Math.Min(PanelWidth, dx.Columns - column);
            MultiplyPanel(g, PanelWidth, 1, dx.Rows, right, columns, dx.Data + column, dx.Stride, width, panel > 0);
        }

        if (weightGradient.Rows > 0)
        {
            float* target = weightGradient.Data + firstColumn;
            MultiplyPanel(x.Data, 1, x.Stride, x.Columns, g, x.Rows, target, weightGradient.Stride, columns, accumulate: true);
        }

        if (!biasGradient.IsEmpty)
        {
            fixed (float* sums = biasGradient[firstColumn..])
            {
                AddPanelColumns(g, x.Rows, sums, columns);
            }
        }
    }

    private static void AddPanelColumns(float* g, int rows, float* sums, int columns)
    {
        for (int column = 0; column < columns; column += TSimd.Count)
        {
            TVector sum = TSimd.Zero;
            for (int row = 0; row < rows; row++)
            {
                sum = TSimd.Add(sum, TSimd.Load(g + ((long)row * PanelWidth) + column));
            }

            int count = Math.Min(TSimd.Count, columns - column);
            TSimd.StorePartial(TSimd.Add(TSimd.LoadPartial(sums + column, count), sum), sums + column, count);
        }
    }

    /// <summary>The bias, filled up to whole panels with −∞: a column that does not exist has probability zero.</summary>
    private static float* PadBias(ReadOnlySpan<float> bias, PackedMatrix unembed, Scratch.Frame frame)
    {
        int length = unembed.Panels * PanelWidth;
        float* padded = frame.Pointer(length);
        bias.CopyTo(new Span<float>(padded, length));
        new Span<float>(padded + bias.Length, length - bias.Length).Fill(float.NegativeInfinity);
        return padded;
    }
}
