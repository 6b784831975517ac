using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// The forward pass of one row, on one worker, with everything kept that a backward pass reads. A row of T tokens has n = T − 1 predicted
/// positions; position t sees tokens 0 … t and predicts token t + 1, so the last token is a target only and is never embedded.
/// </summary>
/// <remarks>
/// Pre-layer-norm blocks: x ← x + Σ_h softmax(q kᵀ/√e) v W_O + b_O with q, k from LN1(x) (plus W_pos under shortformer positions) and v
/// from
/// LN1(x); then x ← x + MLP(LN2(x)); logits = LN_final(x)·W_U + b_U.
/// </remarks>
public sealed unsafe partial class RowPass : IDisposable
{
    private readonly TransformerConfig _config;
    private readonly Kernels _kernels;
    private readonly BlockActivations[] _blocks;
    private readonly AlignedBuffer<float> _residuals;
    private readonly AlignedBuffer<float> _finalNorm;
    private readonly AlignedBuffer<float> _finalStatistics;
    private readonly int[] _tokens;
    private readonly int[] _allPositions;
    private readonly int _capacity;
    private readonly TargetRow? _target;

    /// <summary>Working memory for rows of up to <see cref="TransformerConfig.ContextLength"/> tokens.</summary>
    /// <param name="config">The shapes.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="target">The model from whose distribution losses are divergences; null for losses of the next token.</param>
    public RowPass(TransformerConfig config, Kernels kernels, DivergenceTarget? target = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        _config = config;
        _kernels = kernels;
        _capacity = config.ContextLength - 1;
        _blocks = [.. Enumerable.Range(0, config.Layers).Select(_ => new BlockActivations(config, _capacity))];
        _residuals = new AlignedBuffer<float>((long)(config.Layers + 1) * _capacity * config.ModelWidth);
        _finalNorm = new AlignedBuffer<float>((long)_capacity * config.ModelWidth);
        _finalStatistics = new AlignedBuffer<float>(2L * _capacity);
        _tokens = new int[config.ContextLength];
        _allPositions = [.. Enumerable.Range(0, _capacity)];
        _target = target is null ? null : new TargetRow(target, _capacity);
    }

    /// <summary>The number n of predicted positions of the current row.</summary>
    public int Positions { get; private set; }

    /// <summary>The worker's scratch memory.</summary>
    internal Scratch Scratch { get; } = new();

    internal ReadOnlySpan<int> Inputs => _tokens.AsSpan(0, Positions);

    internal ReadOnlySpan<int> Targets => _tokens.AsSpan(1, Positions);

    internal MatrixView FinalNorm => new(_finalNorm.Pointer, Positions, _config.ModelWidth);

    internal Span<float> FinalMean => _finalStatistics.Slice(0, Positions);

    internal Span<float> FinalInverseScale => _finalStatistics.Slice(_capacity, Positions);

    /// <summary>
    /// The residual stream that enters block <paramref name="layer"/>, n × d; after the last block with layer = number of blocks.
    /// </summary>
    public MatrixView Residual(int layer) =>
        new(_residuals.Pointer + ((long)layer * _capacity * _config.ModelWidth), Positions, _config.ModelWidth);

    /// <summary>The residual stream at a point, n × d.</summary>
    internal MatrixView Residual(NetworkPoint point) =>
        point.AfterAttention && !_config.AttentionOnly
            ? _blocks[point.Layer].Mid(Positions)
            : Residual(point.AfterAttention ? point.Layer + 1 : point.Layer);

    /// <summary>Forgets all positions but the first so many, on which no later one has any influence.</summary>
    internal void Truncate(int positions) => Positions = Math.Min(Positions, positions);

    /// <summary>Takes a row of 2 to n_ctx tokens; the caller has checked that every token is in the vocabulary.</summary>
    public Span<int> BeginRow(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _config.ContextLength);
        Positions = length - 1;
        _target?.Forget();
        return _tokens.AsSpan(0, length);
    }

    /// <summary>Computes the residual stream from the embeddings to the final layer norm.</summary>
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
                ForwardMlp(weights, layer, Positions);
            }
        }
    }

    /// <summary>The losses of all positions of the row, nats; call after <see cref="Forward(TransformerWeights)"/>.</summary>
    public void Losses(TransformerWeights weights, Span<double> losses)
    {
        ArgumentNullException.ThrowIfNull(weights);
        NormalizeFinal(weights.Parameters);
        ParameterSet parameters = weights.Parameters;
        ReadOnlySpan<float> bias = parameters[parameters.Layout.UnembeddingBias];
        if (_target is null)
        {
            _kernels.CrossEntropyForward(FinalNorm, weights.Unembed.Forward, bias, Targets, losses[..Positions], Scratch);
        }
        else
        {
            _kernels.DivergenceForward(
                FinalNorm,
                weights.Unembed.Forward,
                bias,
                LogTarget(AllPositions),
                _target.Direction,
                losses[..Positions],
                Scratch
            );
        }
    }

    /// <summary>
    /// The attention probability a_ij of one head after <see cref="Forward(TransformerWeights)"/>; 0 for key positions behind the query.
    /// </summary>
    public double AttentionProbability(int layer, int head, int query, int key)
    {
        if (key > query)
        {
            return 0;
        }

        BlockActivations block = _blocks[layer];
        ReadOnlySpan<float> q = block.Query(head, Positions).Row(query);
        ReadOnlySpan<float> k = block.Key(head, Positions).Row(key);
        double score = 0;
        for (int i = 0; i < q.Length; i++)
        {
            score += (double)q[i] * k[i];
        }

        return Math.Exp((score * _config.AttentionScale) - block.LogSumExp(head, Positions)[query]);
    }

    /// <summary>
    /// A head's mixed values z_t = Σ_j a_tj·v_j after <see cref="Forward(TransformerWeights)"/>, n × e; z·W_O is what the head adds to the
    /// residual stream.
    /// </summary>
    public MatrixView MixedValues(int layer, int head) => _blocks[layer].Z(head, Positions);

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_blocks, block => block.Dispose());
        _residuals.Dispose();
        _finalNorm.Dispose();
        _finalStatistics.Dispose();
        _target?.Dispose();
        Scratch.Dispose();
    }

    /// <summary>Which divergence losses are; null if they are those of the next token.</summary>
    internal DivergenceDirection? Direction => _target?.Direction;

    /// <summary>All positions of the row.</summary>
    internal ReadOnlySpan<int> AllPositions => _allPositions.AsSpan(0, Positions);

    /// <summary>log q of the frozen model at some positions of the row, ascending.</summary>
    internal MatrixView LogTarget(ReadOnlySpan<int> positions) => _target!.LogProbabilities(_tokens.AsSpan(0, Positions + 1), positions);

    internal BlockActivations Block(int layer) => _blocks[layer];

    internal void NormalizeFinal(ParameterSet parameters)
    {
        ParameterLayout layout = parameters.Layout;
        _kernels.LayerNormForward(
            Residual(_config.Layers),
            parameters[layout.FinalNormWeight],
            parameters[layout.FinalNormBias],
            _config.Epsilon,
            FinalNorm,
            FinalMean,
            FinalInverseScale
        );
    }

    /// <summary>x + W_pos, the input of queries and keys under shortformer positions, for the first rows of x.</summary>
    internal void AddPositions(ParameterSet parameters, MatrixView x) =>
        _kernels.Add(
            parameters[parameters.Layout.PositionEmbedding][..(x.Rows * _config.ModelWidth)],
            new Span<float>(x.Data, x.Rows * x.Columns)
        );

    private static void Copy(MatrixView from, MatrixView to) =>
        new ReadOnlySpan<float>(from.Data, from.Rows * from.Columns).CopyTo(new Span<float>(to.Data, to.Rows * to.Columns));

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
        (int n, BlockActivations block) = (Positions, _blocks[layer]);
        MatrixView output = Residual(new NetworkPoint(layer, AfterAttention: true));
        if (!projected)
        {
            Project(weights, layer);
        }

        for (int head = 0; head < _config.Heads; head++)
        {
            _kernels.AttentionForward(
                block.Query(head, n),
                block.Key(head, n),
                block.Value(head, n),
                _config.AttentionScale,
                block.Z(head, n),
                block.LogSumExp(head, n),
                Scratch
            );
        }

        Copy(Residual(layer), output);
        AddOutput(weights, layer, block.Z(n), output);
    }

    /// <summary>LN1, queries, keys and values of a block at all positions.</summary>
    private void Project(TransformerWeights weights, int layer)
    {
        (BlockTensors tensors, PackedBlock packed, BlockActivations block) = (
            weights.Parameters.Layout.Blocks[layer],
            weights.Blocks[layer],
            _blocks[layer]
        );
        (int n, ParameterSet parameters) = (Positions, weights.Parameters);
        _kernels.LayerNormForward(
            Residual(layer),
            parameters[tensors.Ln1Weight],
            parameters[tensors.Ln1Bias],
            _config.Epsilon,
            block.Norm1(n),
            block.Mean1(n),
            block.InverseScale1(n)
        );
        if (_config.Positions == PositionalEmbedding.Shortformer)
        {
            Copy(block.Norm1(n), block.QueryKeyInput(n));
            AddPositions(parameters, block.QueryKeyInput(n));
        }

        // b_Q and b_K lie side by side in the layout, as the queries and keys do in the product.
        ReadOnlySpan<float> queryKeyBias = parameters.Values.Slice(tensors.QueryBias.Offset, 2 * _config.AttentionWidth);
        _kernels.Multiply(block.QueryKeyInput(n), packed.QueryKey.Forward, block.QueryKey(n), accumulate: false);
        _kernels.AddRow(queryKeyBias, block.QueryKey(n));
        _kernels.Multiply(block.Norm1(n), packed.Value.Forward, block.Value(n), accumulate: false);
        _kernels.AddRow(parameters[tensors.ValueBias], block.Value(n));
    }

    private void AddOutput(TransformerWeights weights, int layer, MatrixView z, MatrixView output)
    {
        _kernels.Multiply(z, weights.Blocks[layer].Output.Forward, output, accumulate: true);
        _kernels.AddRow(weights.Parameters[weights.Parameters.Layout.Blocks[layer].OutputBias], output);
    }

    /// <summary>The MLP of a block at its first n positions.</summary>
    private void ForwardMlp(TransformerWeights weights, int layer, int n)
    {
        (BlockTensors tensors, PackedBlock packed, BlockActivations block) = (
            weights.Parameters.Layout.Blocks[layer],
            weights.Blocks[layer],
            _blocks[layer]
        );
        ParameterSet parameters = weights.Parameters;
        (MatrixView x, MatrixView output) = (block.Mid(n), Residual(layer + 1).RowRange(0, n));
        Copy(x, output);
        _kernels.LayerNormForward(
            x,
            parameters[tensors.Ln2Weight!],
            parameters[tensors.Ln2Bias!],
            _config.Epsilon,
            block.Norm2(n),
            block.Mean2(n),
            block.InverseScale2(n)
        );
        _kernels.Multiply(block.Norm2(n), packed.MlpIn!.Forward, block.Hidden(n), accumulate: false);
        _kernels.AddRow(parameters[tensors.MlpInBias!], block.Hidden(n));
        _kernels.ActivationForward(_config.Activation, block.Hidden(n), block.Active(n));
        _kernels.Multiply(block.Active(n), packed.MlpOut!.Forward, output, accumulate: true);
        _kernels.AddRow(parameters[tensors.MlpOutBias!], output);
    }
}
