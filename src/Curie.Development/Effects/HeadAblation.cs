using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Development.Effects;

/// <summary>
/// Losses of a network without one head: what the head adds to the residual stream, z·W_O, is taken out (zero ablation) or replaced by a
/// constant, its mean
/// over text (mean ablation). Both are changes of weights, W_O = 0 of the head and b_O ← b_O + the constant, in a copy of the network,
/// which has a b_O of zeros where the network has none.
/// </summary>
public sealed class HeadAblation : IDisposable
{
    private readonly ParameterSet _whole;
    private readonly ParameterSet _changed;
    private readonly TransformerWeights _weights;
    private readonly TransformerEvaluator _evaluator;
    private readonly WorkerPool _pool;

    /// <summary>A copy of a network.</summary>
    /// <param name="parameters">The network; it is not changed.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    public HeadAblation(ParameterSet parameters, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(machine);
        _whole = WithOutputBiases(parameters);
        _changed = _whole.Clone();
        _pool = machine.Pool;
        _weights = new TransformerWeights(_changed, machine);
        _evaluator = new TransformerEvaluator(_changed.Layout.Config, machine);
    }

    /// <summary>The copy, whole again after every ablation.</summary>
    public TransformerWeights Weights => _weights;

    /// <summary>The losses of the whole network, rows × (n_ctx − 1), nats.</summary>
    public float[] Losses(TokenRows rows, ReadOnlySpan<int> rowIndices)
    {
        ArgumentNullException.ThrowIfNull(rows);
        float[] losses = new float[rowIndices.Length * (rows.ContextLength - 1)];
        _evaluator.TokenLosses(_weights, rows, rowIndices, losses, []);
        return losses;
    }

    /// <summary>The losses without a head.</summary>
    /// <param name="layer">The head's layer.</param>
    /// <param name="head">The head.</param>
    /// <param name="replacement">What stands in for its output: d_model numbers, or nothing for zero ablation.</param>
    /// <param name="rows">Token rows.</param>
    /// <param name="rowIndices">Which of them.</param>
    public float[] LossesWithout(int layer, int head, ReadOnlySpan<float> replacement, TokenRows rows, int[] rowIndices)
    {
        float[] losses = [];
        Without(layer, head, replacement, () => losses = Losses(rows, rowIndices));
        return losses;
    }

    /// <summary>Does something while <see cref="Weights"/> lack a head.</summary>
    /// <param name="layer">The head's layer.</param>
    /// <param name="head">The head.</param>
    /// <param name="replacement">What stands in for its output: d_model numbers, or nothing for zero ablation.</param>
    /// <param name="measure">What to do.</param>
    internal void Without(int layer, int head, ReadOnlySpan<float> replacement, Action measure)
    {
        BlockTensors block = _changed.Layout.Blocks[layer];
        _changed.Slice(block.Output, head).Clear();
        Span<float> bias = _changed[block.OutputBias];
        for (int d = 0; d < replacement.Length; d++)
        {
            bias[d] += replacement[d];
        }

        Repack(block, head);
        try
        {
            measure();
        }
        finally
        {
            _whole[block.OutputBias].CopyTo(bias);
            MatrixView from = _whole.Slice(block.Output, head);
            for (int e = 0; e < from.Rows; e++)
            {
                from.Row(e).CopyTo(_changed.Slice(block.Output, head).Row(e));
            }

            Repack(block, head);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _evaluator.Dispose();
        _weights.Dispose();
        _changed.Dispose();
        _whole.Dispose();
    }

    /// <summary>A copy, with output biases of zero where the architecture has none.</summary>
    private static ParameterSet WithOutputBiases(ParameterSet parameters)
    {
        ParameterSet copy = new(new ParameterLayout(parameters.Layout.Config with { OutputBiases = true }));
        Dictionary<string, ParameterTensor> places = copy.Layout.Tensors.ToDictionary(tensor => tensor.Name);
        foreach (ParameterTensor tensor in parameters.Layout.Tensors)
        {
            parameters[tensor].CopyTo(copy[places[tensor.Name]]);
        }

        return copy;
    }

    private void Repack(BlockTensors block, int head)
    {
        TransformerConfig config = _changed.Layout.Config;
        int length = config.HeadWidth * config.ModelWidth;
        _weights.Refresh(_pool, new Restriction([new ParameterSegment(block.Output.Offset + (head * length), length)]));
    }
}
