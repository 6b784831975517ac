using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Text.Packing;

namespace Curie.Networks.Restricted;

/// <summary>
/// Losses while heads of one layer vary, one at a time, with more of the network behind them than the unembedding. The network up to the
/// layer's attention runs once for all; for each head and weight vector only that head's attention and what follows the layer's attention.
/// </summary>
internal sealed unsafe class EarlierHeadLosses : HeadLosses
{
    public EarlierHeadLosses(HeadSet heads, TokenRows rows, IReadOnlyList<int> indices, IReadOnlyList<int>? wanted, long memory)
        : base(heads, rows, indices, wanted, IsLastLayer(heads), memory)
    {
    }

    /// <summary>Nothing beside the rows themselves is worth keeping.</summary>
    public override void UseSpareMemory(long bytes)
    {
    }

    /// <inheritdoc/>
    protected override void Evaluate(in FrozenHeadRow row, ReadOnlySpan<LoadedWeights> points, LossSink sink, RowPass pass)
    {
        // Behind the last attention no position has any influence on another.
        bool wantedOnly = IsLastLayer(Heads);
        using Scratch.Frame frame = pass.Scratch.Enter();
        HeadInput input = Input(row, wantedOnly, pass, frame);
        HeadActivations activations = new(frame, row.Residual.Rows, row.Norm.Rows, Config.HeadWidth);
        MatrixView replaced = frame.Matrix(row.Residual.Rows, Config.ModelWidth);
        Span<double> losses = new((double*)frame.Pointer(2 * row.Wanted.Length), row.Wanted.Length);
        for (int k = 0; k < points.Length; k++)
        {
            HeadPass.Forward(Config, Heads.Kernels, Heads[points[k]], input, activations, pass.Scratch);
            Heads.Replace(points[k], row.Residual, row.MixedOf(points[k].Component, Config), activations.Mixed, replaced);
            MatrixView residual = pass.Residual(Heads.Output);
            if (wantedOnly)
            {
                RowCopy.Scatter(replaced, row.Wanted, residual);
            }
            else
            {
                RowCopy.All(replaced, residual);
            }

            pass.LossesAt(Heads.Network.Weights, Heads.Output, row.Wanted, losses);
            sink.Add(k, 0, losses);
        }
    }

    private static bool IsLastLayer(HeadSet heads) => heads.Layer == heads.Config.Layers - 1;
}
