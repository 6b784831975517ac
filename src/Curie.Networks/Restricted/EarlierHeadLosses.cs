using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Text.Packing;

namespace Curie.Networks.Restricted;

/// <summary>
/// Losses while heads of one layer vary, one at a time, with more of the network behind them than the unembedding. The network up to the
/// layer's attention runs once for all; for each component and weight vector only its heads' attention and what follows the layer's
/// attention, of which the next layer's queries, keys and values are made in their own dimensions where no MLP comes first
/// (<see cref="NextAttention"/>).
/// </summary>
internal sealed unsafe class EarlierHeadLosses : HeadLosses
{
    private readonly NextAttention? _next;

    public EarlierHeadLosses(
        HeadSet heads,
        NextAttention? next,
        TokenRows rows,
        IReadOnlyList<int> indices,
        IReadOnlyList<int>? wanted,
        long memory
    )
        : base(heads, rows, indices, wanted, IsLastLayer(heads), memory) => _next = next;

    /// <summary>Nothing beside the rows themselves is worth keeping.</summary>
    public override void UseSpareMemory(long bytes) { }

    /// <inheritdoc/>
    protected override void Evaluate(in FrozenHeadRow row, ReadOnlySpan<LoadedWeights> points, LossSink sink, RowPass pass)
    {
        using Scratch.Frame frame = pass.Scratch.Enter();
        HeadInput input = Input(row, IsLastLayer(Heads), pass, frame);
        HeadActivations activations = new(frame, Config, row.Residual.Rows, row.Norm.Rows);
        MatrixView frozen = _next is null ? default : frame.Matrix(row.Residual.Rows, Config.ProjectionWidth);
        MatrixView headless = _next is null ? default : frame.Matrix(row.Residual.Rows, Config.ProjectionWidth);
        MatrixView residual = frame.Matrix(row.Residual.Rows, Config.ModelWidth);
        _next?.Freeze(row.Residual, frozen, pass.Scratch);
        for (int component = 0; component < Heads.Count; component++)
        {
            bool begun = false;
            for (int k = 0; k < points.Length; k++)
            {
                if (points[k].Component != component)
                {
                    continue;
                }

                if (!begun)
                {
                    MatrixView originMixed = row.MixedOf(component, Config);
                    Heads.Remove(component, row.Residual, originMixed, residual);
                    _next?.RemoveHead(component, frozen, originMixed, headless);
                    begun = true;
                }

                HeadPass.Forward(Heads, points[k], input, activations, pass.Scratch);
                Replay(row, points[k], k, residual, headless, activations.Mixed, sink, pass);
            }
        }
    }

    private static bool IsLastLayer(HeadSet heads) => heads.Layer == heads.Config.Layers - 1;

    /// <summary>
    /// The losses at one point, from the component's mixed values and what there is without it: the residual stream and, where they are
    /// made of it, F_h.
    /// </summary>
    private void Replay(
        in FrozenHeadRow row,
        LoadedWeights point,
        int k,
        MatrixView headlessResidual,
        MatrixView headless,
        MatrixView mixed,
        LossSink sink,
        RowPass pass
    )
    {
        using Scratch.Frame frame = pass.Scratch.Enter();
        Span<double> losses = new((double*)frame.Pointer(2 * row.Wanted.Length), row.Wanted.Length);
        MatrixView residual = pass.Residual(Heads.Output);
        if (IsLastLayer(Heads))
        {
            // Behind the last attention no position has any influence on another.
            MatrixView replaced = frame.Matrix(row.Residual.Rows, Config.ModelWidth);
            Heads.Put(point, headlessResidual, mixed, replaced);
            RowCopy.Scatter(replaced, row.Wanted, residual);
        }
        else
        {
            Heads.Put(point, headlessResidual, mixed, residual);
        }

        if (_next is null)
        {
            pass.LossesAt(Heads.Network.Weights, Heads.Output, row.Wanted, losses);
        }
        else
        {
            bool wantedAttend = _next.Layer == Config.Layers - 1 && row.Wanted.Length < pass.Positions;
            _next.Project(point, headless, mixed, wantedAttend ? row.Wanted : [], pass);
            pass.LossesAt(Heads.Network.Weights, new NetworkPoint(_next.Layer), row.Wanted, losses, projected: true);
        }

        sink.Add(k, 0, losses);
    }
}
