using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// The residual stream from what enters the first block to the final norm, on one worker, with everything kept that a backward pass reads:
/// what models have in common, whatever they embed and whatever their loss is. The rows are sequences of one length, and every sequence
/// attends to itself alone.
/// </summary>
/// <remarks>
/// Blocks read the residual stream through norms: x ← x + attention(norm(x)), then x ← x + MLP(norm(x)); both of the same x in a parallel
/// block; and x ← 2·x + attention + MLP with the double residual. The parts have their own classes, each with its forward and backward
/// pass: <see cref="NormPart"/>, <see cref="AttentionPart"/>, <see cref="MlpPart"/>.
/// </remarks>
internal sealed unsafe class BlockStack : IDisposable
{
    private readonly TransformerConfig _config;
    private readonly Kernels _kernels;
    private readonly int _outputStride;
    private BlockActivations[] _blocks = [];
    private AlignedBuffer<float> _residuals = new(0);
    private AlignedBuffer<float> _finalNorm = new(0);
    private AlignedBuffer<float> _finalStatistics = new(0);
    private int _length;

    /// <summary>Working memory, which is taken for the most rows that there have been.</summary>
    /// <param name="config">The shapes.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="outputStride">Every so-many-th row is read out, the first among them; the last block's MLP skips the others.</param>
    /// <exception cref="ArgumentException">The blocks are of a kind that cannot leave rows out, or double the residual stream.</exception>
    public BlockStack(TransformerConfig config, Kernels kernels, int outputStride = 1)
    {
        if ((config.Parallel || config.AttentionOnly) && (outputStride > 1 || config.DoubleResidual))
        {
            throw new ArgumentException(
                "Only blocks whose MLP follows their attention leave rows out or double the stream.",
                nameof(config)
            );
        }

        if (config.JointProjection && (config.QueryKeyNorm || config.Positions == PositionalEmbedding.Shortformer))
        {
            throw new ArgumentException("Queries, keys and values that are made of different inputs are no one product.", nameof(config));
        }

        _config = config;
        _kernels = kernels;
        _outputStride = outputStride;
        Attention = new AttentionPart(config, kernels);
        Mlp = new MlpPart(config, kernels);
    }

    /// <summary>The rows that there is memory for.</summary>
    public int Capacity { get; private set; }

    /// <summary>n, the rows that are there.</summary>
    public int Count { get; private set; }

    /// <summary>The worker's scratch memory.</summary>
    public Scratch Scratch { get; } = new();

    /// <summary>The norm in front of attention and MLP.</summary>
    public NormPart Norm => new(_kernels, _config.Norm, _config.Epsilon);

    /// <summary>The norm in front of the readout.</summary>
    public NormPart Final => new(_kernels, _config.FinalNorm, _config.Epsilon);

    /// <summary>The attention of every block.</summary>
    public AttentionPart Attention { get; }

    /// <summary>The MLP of every block.</summary>
    public MlpPart Mlp { get; }

    /// <summary>Says how many rows there are, and how many of them are one sequence.</summary>
    public void Begin(int count, int length)
    {
        (Count, _length) = (count, length);
        if (count > Capacity)
        {
            Reserve(count);
        }
    }

    /// <summary>The rows of a block.</summary>
    public BlockRows Rows(int layer) => new(Count, _length, layer == _config.Layers - 1 ? _outputStride : 1);

    /// <summary>What a block has computed.</summary>
    public BlockActivations Block(int layer) => _blocks[layer];

    /// <summary>The residual stream that enters a block, n × d; after the last block what is read out.</summary>
    public MatrixView Residual(int layer) =>
        new(
            _residuals.Pointer + ((long)layer * Capacity * _config.ModelWidth),
            layer == _config.Layers ? Count / _outputStride : Count,
            _config.ModelWidth
        );

    /// <summary>The residual stream at a point.</summary>
    public MatrixView Residual(NetworkPoint point)
    {
        point = point.In(_config);
        return point.AfterAttention ? _blocks[point.Layer].Mid(Rows(point.Layer).Behind) : Residual(point.Layer);
    }

    /// <summary>The normed residual stream at the first so many rows that are read out.</summary>
    public MatrixView FinalNorm(int rows) => new(_finalNorm.Pointer, rows, _config.ModelWidth);

    public Span<float> FinalMean(int rows) => _finalStatistics.Slice(0, rows);

    public Span<float> FinalInverseScale(int rows) => _finalStatistics.Slice(Capacity, rows);

    /// <summary>Computes the residual stream between two points.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="from">A point of which <see cref="Residual(NetworkPoint)"/> is set.</param>
    /// <param name="to">The point at which to stop.</param>
    /// <param name="projected">Whether queries, keys and values of the first block are set too.</param>
    public void Forward(TransformerWeights weights, NetworkPoint from, NetworkPoint to, bool projected = false)
    {
        (from, to) = (from.In(_config), to.In(_config));
        int end = to.AfterAttention ? to.Layer + 1 : to.Layer;
        for (int layer = from.Layer; layer < end; layer++)
        {
            if (layer > from.Layer || !from.AfterAttention)
            {
                ForwardAttention(weights, layer, projected && layer == from.Layer);
            }

            if (!_config.AttentionOnly && (layer < to.Layer || !to.AfterAttention))
            {
                ForwardMlp(weights, layer, Rows(layer).Behind);
            }
        }
    }

    /// <summary>The attention of a block at some rows of one sequence, whose residual stream afterwards is in the first rows.</summary>
    public void ForwardAttentionAt(TransformerWeights weights, int layer, ReadOnlySpan<int> positions, bool projected)
    {
        if (!projected)
        {
            Project(weights, layer);
        }

        using Scratch.Frame frame = Scratch.Enter();
        MatrixView z = frame.Matrix(positions.Length, _config.AttentionWidth);
        Attention.AttendAt(layer, _blocks[layer], Count, positions, z, Scratch);
        MatrixView output = Residual(new NetworkPoint(layer, AfterAttention: true)).RowRange(0, positions.Length);
        RowCopy.Gather(Residual(layer), positions, output);
        Attention.AddOutput(weights, layer, z, output);
    }

    /// <summary>
    /// Adds the MLP of a block at its first n rows behind attention; of a parallel block, whose attention has been added, from the block's
    /// input.
    /// </summary>
    public void ForwardMlp(TransformerWeights weights, int layer, int n)
    {
        (BlockTensors tensors, BlockActivations block) = (weights.Parameters.Layout.Blocks[layer], _blocks[layer]);
        MatrixView input = (_config.Parallel ? Residual(layer) : block.Mid(n)).RowRange(0, n);
        MatrixView output = Residual(layer + 1).RowRange(0, n);
        if (!_config.Parallel)
        {
            RowCopy.All(input, output);
        }

        if (_config.DoubleResidual)
        {
            RowCopy.Add(_kernels, Rows(layer).Every(Residual(layer)), output);
        }

        if (_config.HasSecondNorm)
        {
            Norm.Forward(weights, tensors.Ln2Weight, tensors.Ln2Bias, input, block.Norm2(n), block.Mean2(n), block.InverseScale2(n));
        }

        Mlp.Forward(weights, layer, block, block.Norm2(n), output);
    }

    /// <summary>The final norm of the first so many rows that are read out.</summary>
    public void NormalizeFinal(TransformerWeights weights, int rows)
    {
        ParameterLayout layout = weights.Parameters.Layout;
        Final.Forward(
            weights,
            layout.FinalNormWeight,
            layout.FinalNormBias,
            Residual(_config.Layers).RowRange(0, rows),
            FinalNorm(rows),
            FinalMean(rows),
            FinalInverseScale(rows)
        );
    }

    /// <summary>
    /// The attention probability of one head of a block from one position of a sequence to another; 0 where the query does not see the key.
    /// </summary>
    public double AttentionProbability(int layer, int head, int sequence, int query, int key)
    {
        AttentionSpan span = _config.Span(layer);
        if (key < span.First(query) || key >= span.End(query, _length))
        {
            return 0;
        }

        (BlockActivations block, int start) = (_blocks[layer], sequence * _length);
        ReadOnlySpan<float> q = block.Query(head, Count).Row(start + query);
        ReadOnlySpan<float> k = block.Key(head, Count).Row(start + key);
        double score = 0;
        for (int i = 0; i < q.Length; i++)
        {
            score += (double)q[i] * k[i];
        }

        return Math.Exp((score * _config.AttentionScale(layer)) - block.LogSumExp(head, Count)[start + query]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        Scratch.Dispose();
    }

    private void Reserve(int count)
    {
        Free();
        Capacity = count;
        _blocks = [.. Enumerable.Range(0, _config.Layers).Select(_ => new BlockActivations(_config, count))];
        _residuals = new AlignedBuffer<float>((long)(_config.Layers + 1) * count * _config.ModelWidth);
        _finalNorm = new AlignedBuffer<float>((long)count * _config.ModelWidth);
        _finalStatistics = new AlignedBuffer<float>(2L * count);
    }

    private void Free()
    {
        Array.ForEach(_blocks, block => block.Dispose());
        _residuals.Dispose();
        _finalNorm.Dispose();
        _finalStatistics.Dispose();
    }

    private void ForwardAttention(TransformerWeights weights, int layer, bool projected)
    {
        (BlockRows rows, BlockActivations block) = (Rows(layer), _blocks[layer]);
        if (!projected)
        {
            Project(weights, layer);
        }

        Attention.Attend(layer, block, rows, Scratch);
        MatrixView output = Residual(new NetworkPoint(layer, AfterAttention: true));
        RowCopy.All(rows.Every(Residual(layer)), output);
        Attention.AddOutput(weights, layer, rows.Every(block.Z(Count)), output);
    }

    /// <summary>The first norm, queries, keys and values of a block at all rows.</summary>
    private void Project(TransformerWeights weights, int layer)
    {
        (int n, BlockTensors tensors, BlockActivations block) = (Count, weights.Parameters.Layout.Blocks[layer], _blocks[layer]);
        Norm.Forward(weights, tensors.Ln1Weight, tensors.Ln1Bias, Residual(layer), block.Norm1(n), block.Mean1(n), block.InverseScale1(n));
        Attention.Project(weights, layer, block, n);
    }
}
