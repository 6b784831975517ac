using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Regression;

/// <summary>
/// The forward pass of some sequences at a time, all their positions in one matrix product each:
/// <code>
/// x_0 = tokens·W_E + W_pos
/// m_l = x_l + Σ_h attention_h(LN1 x_l)·W_O,   x_{l+1} = m_l + relu(LN2(m_l)·W_in + b_in)·W_out + b_out   (+ x_l with the double residual)
/// ŷ_k = (LN(x_L)·W_U + b_U)_0 at the token of x_k
/// </code>
/// The memory of one worker.
/// </summary>
internal sealed unsafe class RegressionPass : IDisposable
{
    private readonly TransformerConfig _shape;
    private readonly Kernels _kernels;
    private readonly bool _double;
    private readonly RegressionBlock[] _blocks;
    private readonly AlignedBuffer<float> _tokens;
    private readonly AlignedBuffer<float>[] _residuals;
    private readonly AlignedBuffer<float> _norm;
    private readonly AlignedBuffer<float> _outputs;
    private readonly AlignedBuffer<float> _statistics;

    public RegressionPass(RegressionModel model, Kernels kernels, int sequences)
    {
        _shape = model.Parameters.Layout.Config;
        _kernels = kernels;
        _double = model.Architecture.DoubleResidual;
        Sequences = sequences;
        int n = sequences * _shape.ContextLength;
        _blocks =
        [
            .. Enumerable.Range(0, _shape.Layers).Select(layer => new RegressionBlock(_shape, n, layer == _shape.Layers - 1 ? 2 : 1)),
        ];
        _tokens = new AlignedBuffer<float>((long)n * _shape.Vocabulary);
        _residuals = [.. Enumerable.Range(0, _shape.Layers + 1).Select(_ => new AlignedBuffer<float>((long)n * _shape.ModelWidth))];
        _norm = new AlignedBuffer<float>((long)n / 2 * _shape.ModelWidth);
        _outputs = new AlignedBuffer<float>((long)n / 2 * _shape.Vocabulary);
        _statistics = new AlignedBuffer<float>(n);
    }

    /// <summary>How many sequences fit.</summary>
    public int Sequences { get; }

    /// <summary>How many sequences are there.</summary>
    public int Count { get; private set; }

    /// <summary>Scratch memory.</summary>
    public Scratch Scratch { get; } = new();

    /// <summary>n, the positions of all sequences.</summary>
    public int Positions => Count * _shape.ContextLength;

    /// <summary>The tokens, n × (D + 1).</summary>
    public MatrixView Tokens => new(_tokens.Pointer, Positions, _shape.Vocabulary);

    /// <summary>LN(x_L) at the inputs' tokens, n/2 × d.</summary>
    public MatrixView FinalNorm => new(_norm.Pointer, Positions / 2, _shape.ModelWidth);

    /// <summary>All outputs at the inputs' tokens, n/2 × (D + 1); column 0 holds the predictions.</summary>
    public MatrixView Outputs => new(_outputs.Pointer, Positions / 2, _shape.Vocabulary);

    public Span<float> FinalMean => _statistics.Slice(0, Positions / 2);

    public Span<float> FinalInverseScale => _statistics.Slice(Sequences * _shape.ContextLength / 2, Positions / 2);

    /// <summary>The block's activations; only the positions of the sequences that are there hold anything.</summary>
    public RegressionBlock Block(int layer) => _blocks[layer];

    /// <summary>What enters a block, n × d; what enters the final layer norm, n/2 × d.</summary>
    public MatrixView Residual(int layer) =>
        new(_residuals[layer].Pointer, layer == _shape.Layers ? Positions / 2 : Positions, _shape.ModelWidth);

    /// <summary>Every so-many-th row.</summary>
    public static MatrixView Every(MatrixView rows, int stride) => new(rows.Data, rows.Rows / stride, rows.Columns, rows.Stride * stride);

    /// <summary>One head's queries (0), keys (1) or values (2) of one sequence in a matrix laid out as [queries | keys | values].</summary>
    public MatrixView HeadPart(MatrixView all, int sequence, int head, int part) =>
        all.RowRange(sequence * _shape.ContextLength, _shape.ContextLength)
            .ColumnRange(((part * _shape.Heads) + head) * _shape.HeadWidth, _shape.HeadWidth);

    /// <summary>Computes the predictions of <paramref name="count"/> sequences.</summary>
    public void Forward(RegressionWeights weights, RegressionBatch batch, int first, int count)
    {
        Count = count;
        batch.CopyTokens(first, count, Tokens);
        Embed(weights);
        for (int layer = 0; layer < _blocks.Length; layer++)
        {
            Attend(weights, layer);
            ApplyMlp(weights, layer);
        }

        ParameterSet parameters = weights.Parameters;
        ParameterLayout layout = parameters.Layout;
        _kernels.NormForward(
            Residual(_shape.Layers),
            parameters[layout.FinalNormWeight],
            parameters[layout.FinalNormBias],
            _shape.Epsilon,
            FinalNorm,
            FinalMean,
            FinalInverseScale
        );
        _kernels.Multiply(FinalNorm, weights.Unembed.Forward, Outputs, accumulate: false);
        _kernels.AddRow(parameters[layout.UnembeddingBias], Outputs);
    }

    /// <summary>
    /// Attention probabilities of one sequence, heads × T × T, 0 above the diagonal: exp(q_i·k_j/√e − log-sum-exp_i) of the last pass.
    /// </summary>
    public void AttentionOf(int layer, int sequence, Span<float> probabilities)
    {
        RegressionBlock block = _blocks[layer];
        int length = _shape.ContextLength;
        probabilities.Clear();
        for (int head = 0; head < _shape.Heads; head++)
        {
            MatrixView queries = HeadPart(block.QueryKeyValue, sequence, head, 0);
            MatrixView keys = HeadPart(block.QueryKeyValue, sequence, head, 1);
            Span<float> normalizers = block.LogSumExp.Row(head).Slice(sequence * length, length);
            for (int i = 0; i < length; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double score = 0;
                    for (int c = 0; c < queries.Columns; c++)
                    {
                        score += (double)queries.Row(i)[c] * keys.Row(j)[c];
                    }

                    probabilities[(((head * length) + i) * length) + j] = (float)
                        Math.Exp((_shape.AttentionScale(layer) * score) - normalizers[i]);
                }
            }
        }
    }

    public void Dispose()
    {
        Array.ForEach(_blocks, block => block.Dispose());
        Array.ForEach(_residuals, buffer => buffer.Dispose());
        _tokens.Dispose();
        _norm.Dispose();
        _outputs.Dispose();
        _statistics.Dispose();
        Scratch.Dispose();
    }

    private void Embed(RegressionWeights weights)
    {
        MatrixView residual = Residual(0);
        ReadOnlySpan<float> positions = weights.Parameters[weights.Parameters.Layout.PositionEmbedding];
        for (int s = 0; s < Count; s++)
        {
            positions.CopyTo(new Span<float>(residual.RowPointer(s * _shape.ContextLength), positions.Length));
        }

        _kernels.Multiply(Tokens, weights.Embed, residual, accumulate: true);
    }

    private void Attend(RegressionWeights weights, int layer)
    {
        ParameterSet parameters = weights.Parameters;
        (BlockTensors tensors, RegressionPackedBlock packed, RegressionBlock block) = (
            parameters.Layout.Blocks[layer],
            weights.Blocks[layer],
            _blocks[layer]
        );
        int n = Positions;
        MatrixView x = Residual(layer);
        MatrixView norm = block.Norm1.RowRange(0, n);
        MatrixView all = block.QueryKeyValue.RowRange(0, n);
        _kernels.NormForward(
            x,
            parameters[tensors.Ln1Weight],
            parameters[tensors.Ln1Bias],
            _shape.Epsilon,
            norm,
            block.Statistics1.Row(0)[..n],
            block.Statistics1.Row(1)[..n]
        );
        _kernels.Multiply(norm, packed.QueryKeyValue.Forward, all, accumulate: false);
        for (int s = 0; s < Count; s++)
        {
            for (int head = 0; head < _shape.Heads; head++)
            {
                _kernels.AttentionForward(
                    HeadPart(all, s, head, 0),
                    HeadPart(all, s, head, 1),
                    HeadPart(all, s, head, 2),
                    _shape.AttentionScale(layer),
                    HeadPart(block.Z, s, head, 0),
                    block.LogSumExp.Row(head).Slice(s * _shape.ContextLength, _shape.ContextLength),
                    Scratch
                );
            }
        }

        MatrixView mid = block.Mid.RowRange(0, n / block.Stride);
        RowCopy.All(Every(x, block.Stride), mid);
        _kernels.Multiply(Every(block.Z.RowRange(0, n), block.Stride), packed.Output.Forward, mid, accumulate: true);
    }

    private void ApplyMlp(RegressionWeights weights, int layer)
    {
        ParameterSet parameters = weights.Parameters;
        (BlockTensors tensors, RegressionPackedBlock packed, RegressionBlock block) = (
            parameters.Layout.Blocks[layer],
            weights.Blocks[layer],
            _blocks[layer]
        );
        int m = Positions / block.Stride;
        MatrixView mid = block.Mid.RowRange(0, m);
        MatrixView norm = block.Norm2.RowRange(0, m);
        MatrixView hidden = block.Hidden.RowRange(0, m);
        MatrixView active = block.Active.RowRange(0, m);
        MatrixView output = Residual(layer + 1);
        _kernels.NormForward(
            mid,
            parameters[tensors.Ln2Weight!],
            parameters[tensors.Ln2Bias!],
            _shape.Epsilon,
            norm,
            block.Statistics2.Row(0)[..m],
            block.Statistics2.Row(1)[..m]
        );
        _kernels.Multiply(norm, packed.MlpIn.Forward, hidden, accumulate: false);
        _kernels.AddRow(parameters[tensors.MlpInBias!], hidden);
        _kernels.ActivationForward(_shape.Activation, hidden, active);
        RowCopy.All(mid, output);
        if (_double)
        {
            RowCopy.Add(_kernels, Every(Residual(layer), block.Stride), output);
        }

        _kernels.Multiply(active, packed.MlpOut.Forward, output, accumulate: true);
        _kernels.AddRow(parameters[tensors.MlpOutBias!], output);
    }
}
