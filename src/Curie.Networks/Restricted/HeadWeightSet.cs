using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Restricted;

/// <summary>
/// Several weight vectors of one head of the last layer, such as those of all chains at a draw, so that what is frozen is read once for
/// all of them.
/// </summary>
public sealed unsafe class HeadWeightSet : IDisposable
{
    /// <summary>Rows of M that one worker computes at a time: the rows of a register tile.</summary>
    private const int RowsPerItem = 6;

    private readonly TransformerWeights _weights;
    private readonly Kernels _kernels;
    private readonly WorkerPool _pool;
    private readonly HeadWeights[] _slots;
    private readonly AlignedBuffer<float> _bias;
    private readonly AlignedBuffer<float> _folded;
    private readonly AlignedBuffer<float> _mixing;

    /// <summary>Room for weight vectors of a head.</summary>
    /// <param name="weights">The network, of which only the head ever varies.</param>
    /// <param name="head">The head, in the last layer.</param>
    /// <param name="slots">How many weight vectors are held at a time.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="pool">The threads.</param>
    public HeadWeightSet(TransformerWeights weights, int head, int slots, Kernels kernels, WorkerPool pool)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(kernels);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        _weights = weights;
        _kernels = kernels;
        _pool = pool;
        Head = head;
        ParameterLayout layout = weights.Parameters.Layout;
        TransformerConfig config = layout.Config;
        _slots = [.. Enumerable.Range(0, slots).Select(_ => new HeadWeights(config, kernels))];
        _folded = new AlignedBuffer<float>((long)config.HeadWidth * config.ModelWidth);
        _mixing = new AlignedBuffer<float>((long)config.HeadWidth * config.Vocabulary);
        _bias = new AlignedBuffer<float>(config.Vocabulary);
        FoldBias(layout);
    }

    /// <summary>The head.</summary>
    public int Head { get; }

    /// <summary>How many weight vectors are held at a time.</summary>
    public int Slots => _slots.Length;

    /// <summary>β·W_U + b_U, V.</summary>
    internal ReadOnlySpan<float> Bias => _bias.Span;

    internal HeadWeights this[int slot] => _slots[slot];

    /// <summary>Takes the head's weights as they stand in the network.</summary>
    public void Load(int slot)
    {
        ParameterSet parameters = _weights.Parameters;
        ParameterLayout layout = parameters.Layout;
        BlockTensors block = layout.Blocks[^1];
        _slots[slot].Pack(_kernels, parameters, block, Head);
        MatrixView folded = Folded(layout.Config);
        FoldedNorm.Centre(parameters.Slice(block.Output, Head), parameters[layout.FinalNormWeight], folded);
        MixingBody body = new(this, _slots[slot]);
        _pool.Run((folded.Rows + RowsPerItem - 1) / RowsPerItem, ref body);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_slots, slot => slot.Dispose());
        _bias.Dispose();
        _folded.Dispose();
        _mixing.Dispose();
    }

    private MatrixView Folded(TransformerConfig config) => new(_folded.Pointer, config.HeadWidth, config.ModelWidth);

    private void FoldBias(ParameterLayout layout)
    {
        ParameterSet parameters = _weights.Parameters;
        fixed (float* beta = parameters[layout.FinalNormBias])
        {
            MatrixView row = new(_bias.Pointer, 1, layout.Config.Vocabulary);
            _kernels.Multiply(new MatrixView(beta, 1, layout.Config.ModelWidth), _weights.Unembed.Forward, row, accumulate: false);
            _kernels.AddRow(parameters[layout.UnembeddingBias], row);
        }
    }

    private readonly struct MixingBody(HeadWeightSet owner, HeadWeights slot) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            TransformerConfig config = owner._weights.Parameters.Layout.Config;
            int first = item * RowsPerItem;
            int rows = Math.Min(RowsPerItem, config.HeadWidth - first);
            MatrixView product = new(owner._mixing.Pointer + ((long)first * config.Vocabulary), rows, config.Vocabulary);
            owner._kernels.Multiply(owner.Folded(config).RowRange(first, rows), owner._weights.Unembed.Forward, product, accumulate: false);
            owner._kernels.Pack(product, slot.Mixing, firstRow: first);
        }
    }
}
