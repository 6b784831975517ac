using Curie.Numerics.Memory;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <remarks>
/// With the shift s_i the largest logit, Z_i = Σ_v exp(logit_iv − s_i) and r_iv = logit_iv − s_i − log q_iv,
/// <code>
/// KL(q‖p) = log Z − Σ q·r      g = p − q               KL(p‖q) = Σ p·r − log Z      g = p·(r − Σ p·r)
/// </code>
/// g being the gradient by the logits. A block's logits lie panel by panel, as those of <see cref="CrossEntropyBackward"/> do, and are
/// overwritten with g. Columns that fill up the last panel have a logit and a log q so low that their probabilities are exactly zero.
/// </remarks>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <summary>
    /// Far below every logit and every log probability, and finite, so that products with a probability of zero are zero.
    /// </summary>
    private const float NoLogit = -1e30f;

    /// <summary>Limits on the rows per block, whose logits over all V should stay in the second-level cache.</summary>
    private const int MinDivergenceRows = 12;
    private const int MaxDivergenceRows = 96;
    private const int DivergenceElements = 1 << 18;

    /// <inheritdoc/>
    public override void LogProbabilities(
        MatrixView x,
        PackedMatrix unembed,
        ReadOnlySpan<float> bias,
        MatrixView logProbabilities,
        Scratch scratch
    )
    {
        CheckLogits(x, unembed, bias, logProbabilities);
        using Scratch.Frame frame = scratch.Enter();
        DivergenceBlocks blocks = new(frame, x.Rows, unembed, bias);
        for (int row = 0; row < x.Rows; row += blocks.Rows)
        {
            int rows = Math.Min(blocks.Rows, x.Rows - row);
            KeptExponentials logits = blocks.Logits(x.RowRange(row, rows), unembed);
            for (int i = 0; i < rows; i++)
            {
                (float shift, double sum) = Normalizer(logits, i, unembed.Panels);
                TVector taken = TSimd.Broadcast((float)(shift + Math.Log(sum)));
                float* output = logProbabilities.RowPointer(row + i);
                for (int column = 0; column < unembed.Columns; column += TSimd.Count)
                {
                    float* logit = logits.At(i, column / PanelWidth) + (column % PanelWidth);
                    TSimd.StorePartial(
                        TSimd.Subtract(TSimd.Load(logit), taken),
                        output + column,
                        Math.Min(TSimd.Count, unembed.Columns - column)
                    );
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void DivergenceForward(
        MatrixView x,
        PackedMatrix unembed,
        ReadOnlySpan<float> bias,
        MatrixView logTarget,
        DivergenceDirection direction,
        Span<double> losses,
        Scratch scratch
    )
    {
        CheckLogits(x, unembed, bias, logTarget);
        CheckLength(losses.Length, x.Rows);
        using Scratch.Frame frame = scratch.Enter();
        DivergenceBlocks blocks = new(frame, x.Rows, unembed, bias);
        for (int row = 0; row < x.Rows; row += blocks.Rows)
        {
            int rows = Math.Min(blocks.Rows, x.Rows - row);
            KeptExponentials logits = blocks.Logits(x.RowRange(row, rows), unembed);
            for (int i = 0; i < rows; i++)
            {
                losses[row + i] = Divergence(logits, i, blocks, logTarget.Row(row + i), direction).Loss;
            }
        }
    }

    /// <inheritdoc/>
    public override void DivergenceBackward(
        MatrixView x,
        PackedMatrix unembed,
        PackedMatrix unembedTransposed,
        ReadOnlySpan<float> bias,
        MatrixView logTarget,
        DivergenceDirection direction,
        LossScale scale,
        Span<double> losses,
        MatrixView dx,
        MatrixView weightGradient,
        Span<float> biasGradient,
        Scratch scratch,
        bool transposed = false
    )
    {
        CheckLogits(x, unembed, bias, logTarget);
        CheckLength(losses.Length, x.Rows);
        CheckScale(scale, x.Rows);
        CheckGradients(x, unembed, unembedTransposed, dx, weightGradient, biasGradient, transposed);
        using Scratch.Frame frame = scratch.Enter();
        DivergenceBlocks blocks = new(frame, x.Rows, unembed, bias);
        MatrixView weighted = frame.Matrix(blocks.Rows, x.Columns);
        Span<float> factors = frame.Vector(blocks.Rows);
        for (int row = 0; row < x.Rows; row += blocks.Rows)
        {
            int rows = Math.Min(blocks.Rows, x.Rows - row);
            KeptExponentials logits = blocks.Logits(x.RowRange(row, rows), unembed);
            for (int i = 0; i < rows; i++)
            {
                DivergenceSums sums = Divergence(logits, i, blocks, logTarget.Row(row + i), direction);
                losses[row + i] = sums.Loss;
                ReplaceByGradient(logits, i, blocks, logTarget.Row(row + i), direction, sums);
                factors[i] = scale[row + i];
                ScaleRow(x.RowPointer(row + i), factors[i], weighted.RowPointer(i), x.Columns);
            }

            MatrixView blockGradient = dx.Rows == 0 ? dx : dx.RowRange(row, rows);
            AddBlockGradients(
                logits,
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

    private static void CheckLogits(MatrixView x, PackedMatrix unembed, ReadOnlySpan<float> bias, MatrixView logProbabilities)
    {
        if (x.Columns != unembed.Depth || bias.Length != unembed.Columns || unembed.PanelWidth != PanelWidth)
        {
            throw new ArgumentException(
                $"Logits of {x.Rows}×{x.Columns} with W {unembed.Depth}×{unembed.Columns} (panels of {unembed.PanelWidth}) and "
                    + $"{bias.Length} biases do not fit."
            );
        }

        CheckShape(logProbabilities, x.Rows, unembed.Columns);
    }

    /// <summary>The largest logit of a row, and Σ exp(logit − largest).</summary>
    private static (float Shift, double Sum) Normalizer(in KeptExponentials logits, int row, int panels)
    {
        TVector maximum = TSimd.Broadcast(float.NegativeInfinity);
        for (int panel = 0; panel < panels; panel++)
        {
            for (int at = 0; at < PanelWidth; at += TSimd.Count)
            {
                maximum = TSimd.Max(maximum, TSimd.Load(logits.At(row, panel) + at));
            }
        }

        float shift = TSimd.MaxElement(maximum);
        TVector taken = TSimd.Broadcast(shift);
        double total = 0;
        for (int panel = 0; panel < panels; panel++)
        {
            TVector sum = TSimd.Zero;
            for (int at = 0; at < PanelWidth; at += TSimd.Count)
            {
                sum = TSimd.Add(sum, VectorMath<TSimd, TVector>.Exp(TSimd.Subtract(TSimd.Load(logits.At(row, panel) + at), taken)));
            }

            total += TSimd.Sum(sum);
        }

        return (shift, total);
    }

    /// <summary>The divergence of one row, and the sums that its gradient needs.</summary>
    private static DivergenceSums Divergence(
        in KeptExponentials logits,
        int row,
        in DivergenceBlocks blocks,
        ReadOnlySpan<float> logTarget,
        DivergenceDirection direction
    )
    {
        (float shift, double normalizer) = Normalizer(logits, row, blocks.Panels);
        float logNormalizer = (float)Math.Log(normalizer);
        TVector taken = TSimd.Broadcast(shift);
        TVector takenWithNormalizer = TSimd.Broadcast(shift + logNormalizer);
        double total = 0;
        fixed (float* target = logTarget)
        {
            for (int panel = 0; panel < blocks.Panels; panel++)
            {
                float* logit = logits.At(row, panel);
                float* logQ = blocks.LogTarget(target, panel);
                TVector sum = TSimd.Zero;
                for (int at = 0; at < PanelWidth; at += TSimd.Count)
                {
                    TVector l = TSimd.Load(logit + at);
                    TVector q = TSimd.Load(logQ + at);
                    TVector ratio = TSimd.Subtract(TSimd.Subtract(l, taken), q);
                    TVector weight = VectorMath<TSimd, TVector>.Exp(
                        direction == DivergenceDirection.Forward ? q : TSimd.Subtract(l, takenWithNormalizer)
                    );
                    sum = TSimd.FusedMultiplyAdd(weight, ratio, sum);
                }

                total += TSimd.Sum(sum);
            }
        }

        double loss = direction == DivergenceDirection.Forward ? Math.Log(normalizer) - total : total - Math.Log(normalizer);
        return new DivergenceSums(loss, shift, logNormalizer, (float)total);
    }

    /// <summary>logits ← g.</summary>
    private static void ReplaceByGradient(
        in KeptExponentials logits,
        int row,
        in DivergenceBlocks blocks,
        ReadOnlySpan<float> logTarget,
        DivergenceDirection direction,
        DivergenceSums sums
    )
    {
        TVector taken = TSimd.Broadcast(sums.Shift);
        TVector takenWithNormalizer = TSimd.Broadcast(sums.Shift + sums.LogNormalizer);
        TVector mean = TSimd.Broadcast(sums.MeanRatio);
        fixed (float* target = logTarget)
        {
            for (int panel = 0; panel < blocks.Panels; panel++)
            {
                float* logit = logits.At(row, panel);
                float* logQ = blocks.LogTarget(target, panel);
                for (int at = 0; at < PanelWidth; at += TSimd.Count)
                {
                    TVector l = TSimd.Load(logit + at);
                    TVector q = TSimd.Load(logQ + at);
                    TVector p = VectorMath<TSimd, TVector>.Exp(TSimd.Subtract(l, takenWithNormalizer));
                    TVector g =
                        direction == DivergenceDirection.Forward
                            ? TSimd.Subtract(p, VectorMath<TSimd, TVector>.Exp(q))
                            : TSimd.Multiply(p, TSimd.Subtract(TSimd.Subtract(TSimd.Subtract(l, taken), q), mean));
                    TSimd.Store(g, logit + at);
                }
            }
        }
    }

    /// <summary>What one row's divergence consists of.</summary>
    /// <param name="Loss">The divergence.</param>
    /// <param name="Shift">The largest logit.</param>
    /// <param name="LogNormalizer">log Z.</param>
    /// <param name="MeanRatio">Σ q·r or Σ p·r.</param>
    private readonly record struct DivergenceSums(double Loss, float Shift, float LogNormalizer, float MeanRatio);

    /// <summary>Working memory for blocks of rows.</summary>
    private readonly ref struct DivergenceBlocks
    {
        /// <summary>Rows per block.</summary>
        public readonly int Rows;

        /// <summary>The panels of W.</summary>
        public readonly int Panels;

        private readonly KeptExponentials _room;
        private readonly float* _bias;
        private readonly float* _tail;
        private readonly int _columns;

        public DivergenceBlocks(Scratch.Frame frame, int rows, PackedMatrix unembed, ReadOnlySpan<float> bias)
        {
            int length = unembed.Panels * PanelWidth;
            Panels = unembed.Panels;
            _columns = unembed.Columns;
            Rows = Math.Min(
                Math.Max(rows, 1),
                Math.Clamp(DivergenceElements / Math.Max(length, 1), MinDivergenceRows, MaxDivergenceRows) / 6 * 6
            );
            _room = new KeptExponentials(frame, Rows, Panels);
            _bias = frame.Pointer(length);
            _tail = frame.Pointer(PanelWidth);
            bias.CopyTo(new Span<float>(_bias, length));
            new Span<float>(_bias + bias.Length, length - bias.Length).Fill(NoLogit);
        }

        /// <summary>x·W + b of some rows.</summary>
        public KeptExponentials Logits(MatrixView x, PackedMatrix unembed)
        {
            KeptExponentials logits = _room.ForRows(x.Rows);
            MakeProducts(x, unembed, 0, Panels, logits.At(0, 0));
            for (int panel = 0; panel < Panels; panel++)
            {
                for (int row = 0; row < x.Rows; row++)
                {
                    float* logit = logits.At(row, panel);
                    for (int at = 0; at < PanelWidth; at += TSimd.Count)
                    {
                        TSimd.Store(TSimd.Add(TSimd.Load(logit + at), TSimd.Load(_bias + (panel * PanelWidth) + at)), logit + at);
                    }
                }
            }

            return logits;
        }

        /// <summary>One panel of log q, which may be read to its end.</summary>
        public float* LogTarget(float* row, int panel)
        {
            int first = panel * PanelWidth;
            int present = _columns - first;
            if (present >= PanelWidth)
            {
                return row + first;
            }

            new ReadOnlySpan<float>(row + first, present).CopyTo(new Span<float>(_tail, present));
            new Span<float>(_tail + present, PanelWidth - present).Fill(NoLogit);
            return _tail;
        }
    }
}
