using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Text.Packing;

namespace Curie.Networks.Restricted;

/// <summary>
/// Heads of one layer with more of the network behind them than the unembedding: any layer but the last, or the last where it has an MLP.
/// What follows the layer's attention is replayed for each head and weight vector; the gradient is carried back through it to the residual
/// stream, with activation gradients alone, and then through the heads of the one component.
/// </summary>
internal sealed unsafe class EarlierHeadGroup : HeadGroup
{
    private readonly NextAttention? _next;

    public EarlierHeadGroup(FrozenNetwork network, IReadOnlyList<Component> components, int slots, int gradientSlots)
        : base(network, components, slots, gradientSlots, withMixing: false)
    {
        _next = NextAttention.Follows(Heads) ? new NextAttention(Heads) : null;
    }

    private TransformerConfig Config => Heads.Config;

    private Kernels Kernels => Heads.Kernels;

    /// <inheritdoc/>
    public override void Load(int component, int slot, ReadOnlySpan<float> w)
    {
        base.Load(component, slot, w);
        fixed (float* data = w)
        {
            _next?.Load(component, slot, new HeadVector(data, Config).Output);
        }
    }

    /// <inheritdoc/>
    public override IFrozenRows Freeze(TokenRows rows, IReadOnlyList<int> indices, IReadOnlyList<int>? wanted, long memory)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new EarlierHeadLosses(Heads, _next, rows, indices, wanted, memory);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _next?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void AddRow(
        RowPass pass,
        ReadOnlySpan<LoadedWeights> points,
        HeadShards shards,
        int shard,
        LossScale scale,
        Span<double> sums,
        int stride,
        int worker
    )
    {
        TransformerWeights weights = Heads.Network.Weights;
        RowBackward backward = Heads.Network.Evaluator.Backward(worker);
        pass.Forward(weights, default, Heads.Output);
        int n = pass.Positions;
        BlockActivations block = pass.Block(Heads.Layer);
        HeadInput input = new()
        {
            Query = block.QueryKeyInput(n),
            Key = block.QueryKeyInput(n),
            Value = block.Norm1(n),
        };
        using Scratch.Frame frame = pass.Scratch.Enter();
        MatrixView residual = pass.Residual(Heads.Output);
        MatrixView originResidual = frame.Matrix(n, Config.ModelWidth);
        RowCopy.All(residual, originResidual);
        HeadActivations activations = new(frame, Config, n, n);
        MatrixView mixedGradient = frame.Matrix(n, Config.GroupWidth);
        Span<double> losses = new((double*)frame.Pointer(2 * n), n);
        for (int i = 0; i < points.Length; i++)
        {
            LoadedWeights point = points[i];
            HeadVector gradient = shards.Vector(point, shard);
            HeadPass.Forward(Heads, point, input, activations, pass.Scratch);
            Heads.Replace(point, originResidual, Heads.Mixed(point.Component, block, n), activations.Mixed, residual);
            pass.Forward(weights, Heads.Output, new NetworkPoint(Config.Layers));
            backward.Run(weights, Heads.Plan, scale, losses, null);
            sums[i * stride] = scale.Sum(losses);
            Kernels.Multiply(backward.Residual, Heads[point].OutputTransposed, mixedGradient, accumulate: false);
            Kernels.MultiplyTransposed(activations.Mixed, backward.Residual, gradient.Output, accumulate: true, pass.Scratch);
            HeadPass.Backward(Heads, input, activations, mixedGradient, gradient, pass.Scratch);
        }
    }

    /// <summary>Nothing: the sum over shards is the gradient.</summary>
    protected override void Complete(HeadShards shards, ReadOnlySpan<LoadedWeights> points) { }
}
