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
        from = from.In(_config);
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
            Stack.ForwardAttentionAt(weights, last, positions, projected && from.Layer == last);
        }
        else
        {
            // In place: positions ascend, so that no row is overwritten before it is read.
            RowCopy.Gather(Residual(from), positions, Residual(from).RowRange(0, wanted));
        }

        if (!_config.AttentionOnly && from.Layer <= last)
        {
            if (_config.Parallel)
            {
                // The MLP reads the block's input, or its norm that attention has made already.
                MatrixView input = _config.HasSecondNorm ? Residual(last) : Stack.Block(last).Norm1(Embedded);
                RowCopy.Gather(input, positions, input.RowRange(0, wanted));
            }

            Stack.ForwardMlp(weights, last, wanted);
        }

        UnembedFirst(weights, positions, losses);
    }

    /// <summary>The losses of the first rows of what enters the final norm, which stand at the given positions.</summary>
    private void UnembedFirst(TransformerWeights weights, ReadOnlySpan<int> positions, Span<double> losses)
    {
        int wanted = positions.Length;
        using Scratch.Frame frame = Scratch.Enter();
        ReadOnlySpan<int> all = Targets;
        Span<int> targets = new(frame.Pointer(wanted), wanted);
        for (int i = 0; i < wanted; i++)
        {
            targets[i] = all[positions[i]];
        }

        Stack.NormalizeFinal(weights, wanted);
        LossesOf(weights, Stack.FinalNorm(wanted), positions, targets, losses);
    }
}
