using Curie.Networks.Parameters;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <content>The losses of some positions of a row alone.</content>
public sealed unsafe partial class RowPass
{
    /// <summary>
    /// The losses of some positions of the row, nats, from a point on: the last block computes keys and values of all positions, and
    /// everything else of the wanted ones alone. The bits are those that the losses have among all, since nothing but keys and values of
    /// other positions enters a position. The residual stream at and behind the last block is not that of the row afterwards.
    /// </summary>
    /// <param name="weights">The network.</param>
    /// <param name="from">As in <see cref="Forward(TransformerWeights, NetworkPoint, NetworkPoint, bool)"/>.</param>
    /// <param name="positions">The positions wanted, ascending.</param>
    /// <param name="losses">Receives one loss per wanted position.</param>
    /// <param name="projected">
    /// Whether keys and values of the first block are set too, and its queries at all positions, or at the wanted ones if it is the last
    /// block.
    /// </param>
    internal void LossesAt(
        TransformerWeights weights,
        NetworkPoint from,
        ReadOnlySpan<int> positions,
        Span<double> losses,
        bool projected = false
    )
    {
        (int last, int wanted) = (_config.Layers - 1, positions.Length);
        if (wanted == Positions)
        {
            Forward(weights, from, new NetworkPoint(_config.Layers), projected);
            Losses(weights, losses);
            return;
        }

        if (from.Layer < last || from == new NetworkPoint(last))
        {
            Forward(weights, from, new NetworkPoint(last), projected);
            ForwardAttentionAt(weights, last, positions, projected && from.Layer == last);
        }
        else
        {
            // In place: positions ascend, so that no row is overwritten before it is read.
            RowCopy.Gather(Residual(from), positions, Residual(from).RowRange(0, wanted));
        }

        if (!_config.AttentionOnly && from.Layer <= last)
        {
            ForwardMlp(weights, last, wanted);
        }

        UnembedFirst(weights, positions, losses);
    }

    /// <summary>The attention of a block at some positions, whose residual stream afterwards is in the first rows.</summary>
    private void ForwardAttentionAt(TransformerWeights weights, int layer, ReadOnlySpan<int> positions, bool projected)
    {
        (int n, int e, int wanted, BlockActivations block) = (Positions, _config.HeadWidth, positions.Length, _blocks[layer]);
        if (!projected)
        {
            Project(weights, layer);
        }

        using Scratch.Frame frame = Scratch.Enter();
        MatrixView query = frame.Matrix(wanted, _config.AttentionWidth);
        MatrixView z = frame.Matrix(wanted, _config.AttentionWidth);
        Span<float> logSumExp = frame.Vector(wanted);
        RowCopy.Gather(block.QueryKey(n).ColumnRange(0, _config.AttentionWidth), positions, query);
        for (int head = 0; head < _config.Heads; head++)
        {
            _kernels.AttentionForwardAt(
                query.ColumnRange(head * e, e),
                positions,
                block.Key(head, n),
                block.Value(head, n),
                _config.AttentionScale,
                z.ColumnRange(head * e, e),
                logSumExp,
                Scratch
            );
        }

        MatrixView output = Residual(new NetworkPoint(layer, AfterAttention: true)).RowRange(0, wanted);
        RowCopy.Gather(Residual(layer), positions, output);
        AddOutput(weights, layer, z, output);
    }

    /// <summary>The losses of the first rows of what enters the final layer norm, which stand at the given positions.</summary>
    private void UnembedFirst(TransformerWeights weights, ReadOnlySpan<int> positions, Span<double> losses)
    {
        int wanted = positions.Length;
        ParameterSet parameters = weights.Parameters;
        ParameterLayout layout = parameters.Layout;
        using Scratch.Frame frame = Scratch.Enter();
        Span<int> targets = new(frame.Pointer(wanted), wanted);
        for (int i = 0; i < wanted; i++)
        {
            targets[i] = Targets[positions[i]];
        }

        MatrixView final = FinalNorm.RowRange(0, wanted);
        _kernels.LayerNormForward(
            Residual(_config.Layers).RowRange(0, wanted),
            parameters[layout.FinalNormWeight],
            parameters[layout.FinalNormBias],
            _config.Epsilon,
            final,
            FinalMean[..wanted],
            FinalInverseScale[..wanted]
        );
        ReadOnlySpan<float> bias = parameters[layout.UnembeddingBias];
        if (_target is null)
        {
            _kernels.CrossEntropyForward(final, weights.Unembed.Forward, bias, targets, losses[..wanted], Scratch);
        }
        else
        {
            _kernels.DivergenceForward(
                final,
                weights.Unembed.Forward,
                bias,
                LogTarget(positions),
                _target.Direction,
                losses[..wanted],
                Scratch
            );
        }
    }
}
