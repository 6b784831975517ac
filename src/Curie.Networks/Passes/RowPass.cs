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
/// Pre-layer-norm blocks: x ← x + Σ_h softmax(q kᵀ/√e) v W_O + b_O with q, k from LN1(x) (plus W_pos under shortformer positions) and v from
/// LN1(x); then x ← x + MLP(LN2(x)); logits = LN_final(x)·W_U + b_U.
/// </remarks>
public sealed unsafe class RowPass : IDisposable
{
    private readonly TransformerConfig _config;
    private readonly Kernels _kernels;
    private readonly BlockActivations[] _blocks;
    private readonly AlignedBuffer<float> _residuals;
    private readonly AlignedBuffer<float> _finalNorm;
    private readonly AlignedBuffer<float> _finalStatistics;
    private readonly int[] _tokens;
    private readonly int _capacity;

    /// <summary>Working memory for rows of up to <see cref="TransformerConfig.ContextLength"/> tokens.</summary>
    public RowPass(TransformerConfig config, Kernels kernels)
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

    /// <summary>The residual stream that enters block <paramref name="layer"/>, n × d; after the last block with layer = number of blocks.</summary>
    public MatrixView Residual(int layer) =>
        new(_residuals.Pointer + ((long)layer * _capacity * _config.ModelWidth), Positions, _config.ModelWidth);

    /// <summary>Takes a row of 2 to n_ctx tokens; the caller has checked that every token is in the vocabulary.</summary>
    public Span<int> BeginRow(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _config.ContextLength);
        Positions = length - 1;
        return _tokens.AsSpan(0, length);
    }

    /// <summary>Computes the residual stream from the embeddings, or from block <paramref name="fromLayer"/> where what enters it was set already.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="fromLayer">The first block to compute.</param>
    /// <param name="toLayer">The block before which to stop; all blocks if left out.</param>
    public void Forward(TransformerWeights weights, int fromLayer = 0, int? toLayer = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (fromLayer == 0)
        {
            Embed(weights.Parameters);
        }

        for (int layer = fromLayer; layer < (toLayer ?? _config.Layers); layer++)
        {
            ForwardBlock(weights, layer);
        }
    }

    /// <summary>The losses of all positions of the row, nats; call after <see cref="Forward"/>.</summary>
    public void Losses(TransformerWeights weights, Span<double> losses)
    {
        ArgumentNullException.ThrowIfNull(weights);
        NormalizeFinal(weights.Parameters);
        ParameterSet parameters = weights.Parameters;
        _kernels.CrossEntropyForward(
            FinalNorm, weights.Unembed.Forward, parameters[parameters.Layout.UnembeddingBias], Targets, losses[..Positions], Scratch);
    }

    /// <summary>
    /// The losses of some positions of the row alone, nats; call after <see cref="Forward"/>. The bits are those of all positions' losses,
    /// since a position's loss does not depend on which others are asked for.
    /// </summary>
    /// <param name="weights">The network.</param>
    /// <param name="positions">The positions wanted.</param>
    /// <param name="losses">Receives one loss per wanted position.</param>
    internal void Losses(TransformerWeights weights, ReadOnlySpan<int> positions, Span<double> losses)
    {
        using Scratch.Frame frame = Scratch.Enter();
        MatrixView final = frame.Matrix(positions.Length, _config.ModelWidth);
        Span<int> targets = new(frame.Pointer(positions.Length), positions.Length);
        MatrixView residual = Residual(_config.Layers);
        for (int i = 0; i < positions.Length; i++)
        {
            residual.Row(positions[i]).CopyTo(final.Row(i));
            targets[i] = Targets[positions[i]];
        }

        ParameterSet parameters = weights.Parameters;
        ParameterLayout layout = parameters.Layout;
        _kernels.LayerNormForward(
            final,
            parameters[layout.FinalNormWeight],
            parameters[layout.FinalNormBias],
            _config.Epsilon,
            final,
            frame.Vector(positions.Length),
            frame.Vector(positions.Length));
        _kernels.CrossEntropyForward(final, weights.Unembed.Forward, parameters[layout.UnembeddingBias], targets, losses, Scratch);
    }

    /// <summary>The attention probability a_ij of one head after <see cref="Forward"/>; 0 for key positions behind the query.</summary>
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

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_blocks, block => block.Dispose());
        _residuals.Dispose();
        _finalNorm.Dispose();
        _finalStatistics.Dispose();
        Scratch.Dispose();
    }

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
            FinalInverseScale);
    }

    /// <summary>
    /// After <see cref="Forward"/> of an attention-only model: the final residual as if one head of the last layer wrote nothing.
    /// It does not depend on that head's weights.
    /// </summary>
    internal void RemoveLastLayerHead(TransformerWeights weights, int head)
    {
        int last = _config.Layers - 1;
        BlockActivations block = _blocks[last];
        MatrixView residual = Residual(_config.Layers);
        block.Z(head, Positions).Clear();
        Copy(Residual(last), residual);
        AddOutput(weights.Parameters, weights.Parameters.Layout.Blocks[last], weights.Blocks[last], block, residual);
    }

    /// <summary>x + W_pos, the input of queries and keys under shortformer positions, for the first rows of x.</summary>
    internal void AddPositions(ParameterSet parameters, MatrixView x) =>
        _kernels.Add(parameters[parameters.Layout.PositionEmbedding][..(x.Rows * _config.ModelWidth)], new Span<float>(x.Data, x.Rows * x.Columns));

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

    private void ForwardBlock(TransformerWeights weights, int layer)
    {
        (int n, ParameterSet parameters) = (Positions, weights.Parameters);
        (BlockTensors tensors, PackedBlock packed, BlockActivations block) = (parameters.Layout.Blocks[layer], weights.Blocks[layer], _blocks[layer]);
        MatrixView x = Residual(layer);
        MatrixView next = Residual(layer + 1);
        MatrixView afterAttention = _config.AttentionOnly ? next : block.Mid(n);
        Copy(x, afterAttention);
        ForwardAttention(parameters, tensors, packed, block, x, afterAttention);
        if (!_config.AttentionOnly)
        {
            Copy(afterAttention, next);
            ForwardMlp(parameters, tensors, packed, block, afterAttention, next);
        }
    }

    private void ForwardAttention(
        ParameterSet parameters, BlockTensors tensors, PackedBlock packed, BlockActivations block, MatrixView x, MatrixView output)
    {
        int n = Positions;
        _kernels.LayerNormForward(
            x, parameters[tensors.Ln1Weight], parameters[tensors.Ln1Bias], _config.Epsilon, block.Norm1(n), block.Mean1(n), block.InverseScale1(n));
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
        for (int head = 0; head < _config.Heads; head++)
        {
            _kernels.AttentionForward(
                block.Query(head, n),
                block.Key(head, n),
                block.Value(head, n),
                _config.AttentionScale,
                block.Z(head, n),
                block.LogSumExp(head, n),
                Scratch);
        }

        AddOutput(parameters, tensors, packed, block, output);
    }

    private void AddOutput(ParameterSet parameters, BlockTensors tensors, PackedBlock packed, BlockActivations block, MatrixView output)
    {
        _kernels.Multiply(block.Z(Positions), packed.Output.Forward, output, accumulate: true);
        _kernels.AddRow(parameters[tensors.OutputBias], output);
    }

    private void ForwardMlp(
        ParameterSet parameters, BlockTensors tensors, PackedBlock packed, BlockActivations block, MatrixView x, MatrixView output)
    {
        int n = Positions;
        _kernels.LayerNormForward(
            x, parameters[tensors.Ln2Weight!], parameters[tensors.Ln2Bias!], _config.Epsilon, block.Norm2(n), block.Mean2(n), block.InverseScale2(n));
        _kernels.Multiply(block.Norm2(n), packed.MlpIn!.Forward, block.Hidden(n), accumulate: false);
        _kernels.AddRow(parameters[tensors.MlpInBias!], block.Hidden(n));
        _kernels.ActivationForward(_config.Activation, block.Hidden(n), block.Active(n));
        _kernels.Multiply(block.Active(n), packed.MlpOut!.Forward, output, accumulate: true);
        _kernels.AddRow(parameters[tensors.MlpOutBias!], output);
    }
}
