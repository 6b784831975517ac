using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// The forward pass of one row, on one worker, with everything kept that a backward pass reads. A row of T tokens has n = T − 1 predicted
/// positions; position t sees tokens 0 … t and predicts token t + 1, so the last token is a target only and is never embedded, unless
/// attention is bidirectional.
/// </summary>
/// <remarks>
/// Blocks read the residual stream through norms: x ← x + attention(norm(x)), then x ← x + MLP(norm(x)), or both of the same x in a
/// parallel block; logits = norm(x)·W_U + b_U. The parts have their own classes, each with its forward and backward pass:
/// <see cref="NormPart"/>, <see cref="AttentionPart"/>, <see cref="MlpPart"/>.
/// </remarks>
public sealed unsafe partial class RowPass : IDisposable
{
    private readonly TransformerConfig _config;
    private readonly Kernels _kernels;
    private readonly AttentionPart _attention;
    private readonly MlpPart _mlp;
    private readonly DivergenceTarget? _divergence;
    private BlockActivations[] _blocks = [];
    private AlignedBuffer<float> _residuals = new(0);
    private AlignedBuffer<float> _finalNorm = new(0);
    private AlignedBuffer<float> _finalStatistics = new(0);
    private int[] _tokens = [];
    private int[] _outputs = [];
    private int[] _allPositions = [];
    private TargetRow? _target;

    /// <summary>
    /// Working memory for rows of up to <see cref="TransformerConfig.ContextLength"/> tokens; it is taken for the longest row that there
    /// is.
    /// </summary>
    /// <param name="config">The shapes.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="target">The model from whose distribution losses are divergences; null for losses of the next token.</param>
    public RowPass(TransformerConfig config, Kernels kernels, DivergenceTarget? target = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        _config = config;
        _kernels = kernels;
        _attention = new AttentionPart(config, kernels);
        _mlp = new MlpPart(config, kernels);
        _divergence = target;
    }

    /// <summary>The number n of predicted positions of the current row.</summary>
    public int Positions { get; private set; }

    /// <summary>The positions that are embedded: the predicted ones, and the last token too where every position sees all others.</summary>
    internal int Embedded => _config.Bidirectional ? Positions + 1 : Positions;

    /// <summary>The worker's scratch memory.</summary>
    internal Scratch Scratch { get; } = new();

    internal ReadOnlySpan<int> Inputs => _tokens.AsSpan(0, Embedded);

    /// <summary>
    /// The tokens that are predicted. One that is no output, as may stand where predictions do not count, is taken for the first output;
    /// its loss means nothing.
    /// </summary>
    internal ReadOnlySpan<int> Targets
    {
        get
        {
            ReadOnlySpan<int> tokens = _tokens.AsSpan(1, Positions);
            if (_config.Logits >= _config.Vocabulary)
            {
                return tokens;
            }

            for (int t = 0; t < tokens.Length; t++)
            {
                _outputs[t] = tokens[t] < _config.Logits ? tokens[t] : 0;
            }

            return _outputs.AsSpan(0, Positions);
        }
    }

    internal MatrixView FinalNorm => new(_finalNorm.Pointer, Positions, _config.ModelWidth);

    internal Span<float> FinalMean => _finalStatistics.Slice(0, Positions);

    internal Span<float> FinalInverseScale => _finalStatistics.Slice(Capacity, Positions);

    /// <summary>
    /// The residual stream that enters block <paramref name="layer"/>, n × d; after the last block with layer = number of blocks.
    /// </summary>
    public MatrixView Residual(int layer) =>
        new(_residuals.Pointer + ((long)layer * Capacity * _config.ModelWidth), Embedded, _config.ModelWidth);

    /// <summary>The embedded positions that there is memory for.</summary>
    internal int Capacity { get; private set; }

    /// <summary>The residual stream at a point, n × d.</summary>
    internal MatrixView Residual(NetworkPoint point)
    {
        point = point.In(_config);
        return point.AfterAttention ? _blocks[point.Layer].Mid(Embedded) : Residual(point.Layer);
    }

    /// <summary>Forgets all positions but the first so many, if no later one has any influence on them.</summary>
    internal void Truncate(int positions)
    {
        if (!_config.Bidirectional)
        {
            Positions = Math.Min(Positions, positions);
        }
    }

    /// <summary>Takes a row of 2 to n_ctx tokens; the caller has checked that every token is in the vocabulary.</summary>
    public Span<int> BeginRow(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _config.ContextLength);
        Positions = length - 1;
        if (Embedded > Capacity)
        {
            Reserve(length);
        }

        _target?.Forget();
        return _tokens.AsSpan(0, length);
    }

    /// <summary>Computes the residual stream from the embeddings to the final norm.</summary>
    public void Forward(TransformerWeights weights) => Forward(weights, default, new NetworkPoint(_config.Layers));

    /// <summary>Computes the residual stream between two points.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="from">The first block's input, to compute the embeddings too; or a point of which <see cref="Residual(NetworkPoint)"/>
    /// is set.</param>
    /// <param name="to">The point at which to stop.</param>
    /// <param name="projected">Whether queries, keys and values of the first block are set too.</param>
    internal void Forward(TransformerWeights weights, NetworkPoint from, NetworkPoint to, bool projected = false)
    {
        ArgumentNullException.ThrowIfNull(weights);
        (from, to) = (from.In(_config), to.In(_config));
        if (from == default)
        {
            Embed(weights.Parameters);
        }

        int end = to.AfterAttention ? to.Layer + 1 : to.Layer;
        for (int layer = from.Layer; layer < end; layer++)
        {
            if (layer > from.Layer || !from.AfterAttention)
            {
                ForwardAttention(weights, layer, projected && layer == from.Layer);
            }

            if (!_config.AttentionOnly && (layer < to.Layer || !to.AfterAttention))
            {
                ForwardMlp(weights, layer, Embedded);
            }
        }
    }

    /// <summary>The losses of all positions of the row, nats; call after <see cref="Forward(TransformerWeights)"/>.</summary>
    public void Losses(TransformerWeights weights, Span<double> losses)
    {
        ArgumentNullException.ThrowIfNull(weights);
        NormalizeFinal(weights, Positions);
        LossesOf(weights, FinalNorm, AllPositions, Targets, losses);
    }

    /// <summary>
    /// The attention probability a_ij of one head after <see cref="Forward(TransformerWeights)"/>; 0 for key positions that the query does
    /// not see.
    /// </summary>
    public double AttentionProbability(int layer, int head, int query, int key)
    {
        AttentionSpan span = _config.Span(layer);
        if (key < span.First(query) || key >= span.End(query, Embedded))
        {
            return 0;
        }

        BlockActivations block = _blocks[layer];
        ReadOnlySpan<float> q = block.Query(head, Embedded).Row(query);
        ReadOnlySpan<float> k = block.Key(head, Embedded).Row(key);
        double score = 0;
        for (int i = 0; i < q.Length; i++)
        {
            score += (double)q[i] * k[i];
        }

        return Math.Exp((score * _config.AttentionScale(layer)) - block.LogSumExp(head, Embedded)[query]);
    }

    /// <summary>
    /// A head's mixed values z_t = Σ_j a_tj·v_j after <see cref="Forward(TransformerWeights)"/>, n × e; z·W_O is what the head adds to the
    /// residual stream.
    /// </summary>
    public MatrixView MixedValues(int layer, int head) => _blocks[layer].Z(head, Embedded);

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        Scratch.Dispose();
    }

    private void Free()
    {
        Array.ForEach(_blocks, block => block.Dispose());
        _residuals.Dispose();
        _finalNorm.Dispose();
        _finalStatistics.Dispose();
        _target?.Dispose();
    }

    private void Reserve(int length)
    {
        Free();
        Capacity = Embedded;
        _blocks = [.. Enumerable.Range(0, _config.Layers).Select(_ => new BlockActivations(_config, Capacity))];
        _residuals = new AlignedBuffer<float>((long)(_config.Layers + 1) * Capacity * _config.ModelWidth);
        _finalNorm = new AlignedBuffer<float>((long)Capacity * _config.ModelWidth);
        _finalStatistics = new AlignedBuffer<float>(2L * Capacity);
        _tokens = new int[length];
        _outputs = new int[_config.Logits < _config.Vocabulary ? length : 0];
        _allPositions = [.. Enumerable.Range(0, Capacity)];
        _target = _divergence is null ? null : new TargetRow(_divergence, Capacity);
    }

    /// <summary>Which divergence losses are; null if they are those of the next token.</summary>
    internal DivergenceDirection? Direction => _divergence?.Direction;

    /// <summary>All predicted positions of the row.</summary>
    internal ReadOnlySpan<int> AllPositions => _allPositions.AsSpan(0, Positions);

    /// <summary>The norm in front of attention and MLP.</summary>
    internal NormPart Norm => new(_kernels, _config.Norm, _config.Epsilon);

    /// <summary>The norm in front of the unembedding.</summary>
    internal NormPart Final => new(_kernels, _config.FinalNorm, _config.Epsilon);

    internal AttentionPart Attention => _attention;

    internal MlpPart Mlp => _mlp;

    /// <summary>log q of the frozen model at some positions of the row, ascending.</summary>
    internal MatrixView LogTarget(ReadOnlySpan<int> positions) => _target!.LogProbabilities(_tokens.AsSpan(0, Positions + 1), positions);

    internal BlockActivations Block(int layer) => _blocks[layer];

    /// <summary>The final norm of the first so many rows of what enters it.</summary>
    internal void NormalizeFinal(TransformerWeights weights, int rows)
    {
        ParameterLayout layout = weights.Parameters.Layout;
        Final.Forward(
            weights,
            layout.FinalNormWeight,
            layout.FinalNormBias,
            Residual(_config.Layers).RowRange(0, rows),
            FinalNorm.RowRange(0, rows),
            FinalMean[..rows],
            FinalInverseScale[..rows]
        );
    }

    /// <summary>x + W_pos, the input of queries and keys under shortformer positions, for the first rows of x.</summary>
    internal void AddPositions(ParameterSet parameters, MatrixView x) => _attention.AddPositions(parameters, x);

    private void LossesOf(
        TransformerWeights weights,
        MatrixView final,
        ReadOnlySpan<int> positions,
        ReadOnlySpan<int> targets,
        Span<double> losses
    )
    {
        ReadOnlySpan<float> bias = weights.UnembeddingBias;
        Span<double> wanted = losses[..final.Rows];
        if (_divergence is null)
        {
            _kernels.CrossEntropyForward(final, weights.Unembed.Forward, bias, targets, wanted, Scratch);
        }
        else
        {
            _kernels.DivergenceForward(final, weights.Unembed.Forward, bias, LogTarget(positions), _divergence.Direction, wanted, Scratch);
        }
    }

    private void Embed(ParameterSet parameters)
    {
        ParameterLayout layout = parameters.Layout;
        MatrixView x = Residual(0);
        _kernels.Gather(parameters.Matrix(layout.TokenEmbedding), Inputs, x);
        if (_config.Positions == PositionalEmbedding.Standard)
        {
            AddPositions(parameters, x);
        }
    }

    private void ForwardAttention(TransformerWeights weights, int layer, bool projected)
    {
        (int n, BlockActivations block) = (Embedded, _blocks[layer]);
        if (!projected)
        {
            Project(weights, layer);
        }

        _attention.Attend(layer, block, n, Scratch);
        MatrixView output = Residual(new NetworkPoint(layer, AfterAttention: true));
        RowCopy.All(Residual(layer), output);
        _attention.AddOutput(weights, layer, block.Z(n), output);
    }

    /// <summary>The first norm, queries, keys and values of a block at all positions.</summary>
    private void Project(TransformerWeights weights, int layer)
    {
        (int n, BlockTensors tensors, BlockActivations block) = (Embedded, weights.Parameters.Layout.Blocks[layer], _blocks[layer]);
        Norm.Forward(weights, tensors.Ln1Weight, tensors.Ln1Bias, Residual(layer), block.Norm1(n), block.Mean1(n), block.InverseScale1(n));
        _attention.Project(weights, layer, block, n);
    }

    /// <summary>
    /// Adds the MLP of a block at its first n positions; of a parallel block, whose attention has been added, from the block's input.
    /// </summary>
    private void ForwardMlp(TransformerWeights weights, int layer, int n)
    {
        (BlockTensors tensors, BlockActivations block) = (weights.Parameters.Layout.Blocks[layer], _blocks[layer]);
        MatrixView input = (_config.Parallel ? Residual(layer) : block.Mid(n)).RowRange(0, n);
        MatrixView output = Residual(layer + 1).RowRange(0, n);
        if (!_config.Parallel)
        {
            RowCopy.All(input, output);
        }

        if (_config.HasSecondNorm)
        {
            Norm.Forward(weights, tensors.Ln2Weight, tensors.Ln2Bias, input, block.Norm2(n), block.Mean2(n), block.InverseScale2(n));
        }

        _mlp.Forward(weights, layer, block, block.Norm2(n), output);
    }
}
