using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Restricted;

/// <summary>
/// Heads of the last layer of a model whose MLPs, if any, stand beside its attention. Losses and gradients stay in u dimensions, those of
/// a component's queries (<see cref="HeadMixing"/> has the forward equations). With g = scale·(softmax − onehot), x̂ the normalised
/// residual without γ and β, and s = (1/d)·Σ_v g_v·(logit_v − b_v):
/// <code>
/// dz = (g·Mᵀ − s·x̂·W_Oᵀ)/σ     dW_O = [Σ (z/σ)ᵀ·g]·W_Uᵀ·diag(γ)·C − Σ (s·z/σ)ᵀ·x̂
/// </code>
/// The sum in brackets, u × V, is multiplied by W_Uᵀ once for a minibatch. The forward pass at w* and B are shared by all heads.
/// </summary>
internal sealed unsafe class LastLayerHeadGroup : HeadGroup
{
    /// <summary>Rows of W_O's gradient that one worker completes at a time: the rows of a register tile.</summary>
    private const int RowsPerItem = 6;

    private readonly HeadMixing _mixing;

    public LastLayerHeadGroup(FrozenNetwork network, IReadOnlyList<Component> components, int slots, int gradientSlots)
        : base(network, components, slots, gradientSlots, withMixing: true) => _mixing = new HeadMixing(Heads);

    private TransformerConfig Config => Heads.Config;

    private Kernels Kernels => Heads.Kernels;

    /// <inheritdoc/>
    public override void Load(int component, int slot, ReadOnlySpan<float> w)
    {
        base.Load(component, slot, w);
        fixed (float* data = w)
        {
            _mixing.Load(component, slot, new HeadVector(data, Config).Output);
        }
    }

    /// <inheritdoc/>
    public override IFrozenRows Freeze(TokenRows rows, IReadOnlyList<int> indices, IReadOnlyList<int>? wanted, long memory)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new LastLayerHeadLosses(Heads, _mixing, rows, indices, wanted, memory);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _mixing.Dispose();
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
        pass.Forward(Heads.Network.Weights);
        int n = pass.Positions;
        BlockActivations block = pass.Block(Heads.Layer);
        HeadInput input = new()
        {
            Query = block.QueryKeyInput(n),
            Key = block.QueryKeyInput(n),
            Value = block.Norm1(n),
        };
        using Scratch.Frame frame = pass.Scratch.Enter();
        HeadActivations* activations = (HeadActivations*)frame.Pointer(points.Length * sizeof(HeadActivations) / sizeof(float));
        MatrixView mixedGradients = frame.Matrix(points.Length * n, Config.GroupWidth);
        for (int i = 0; i < points.Length; i++)
        {
            sums[i * stride] = 0;
            activations[i] = new HeadActivations(frame, Config, n, n);
            HeadPass.Forward(Heads, points[i], input, activations[i], pass.Scratch);
        }

        MatrixView logits = frame.Matrix(Math.Min(n, LastLayerHeadLosses.BlockPositions), Config.Logits);
        MatrixView withoutHead = frame.Matrix(logits.Rows, Config.Logits);
        for (int first = 0; first < n; first += LastLayerHeadLosses.BlockPositions)
        {
            int length = Math.Min(LastLayerHeadLosses.BlockPositions, n - first);
            MatrixView blockLogits = logits.RowRange(0, length);
            _mixing.FrozenLogits(pass.Residual(Heads.Output).RowRange(first, length), blockLogits, pass.Scratch);
            for (int i = 0; i < points.Length; i++)
            {
                MatrixView originMixed = Heads.Mixed(points[i].Component, block, n).RowRange(first, length);
                MatrixView headless = withoutHead.RowRange(0, length);
                if (i == 0 || points[i].Component != points[i - 1].Component)
                {
                    _mixing.RemoveHead(points[i].Component, blockLogits, originMixed, headless);
                }

                sums[i * stride] += BackwardBlock(
                    pass,
                    points[i],
                    activations[i].Mixed,
                    originMixed,
                    first,
                    headless,
                    scale.Slice(first, length),
                    mixedGradients.RowRange((i * n) + first, length),
                    shards,
                    shard
                );
            }
        }

        for (int i = 0; i < points.Length; i++)
        {
            HeadPass.Backward(
                Heads,
                input,
                activations[i],
                mixedGradients.RowRange(i * n, n),
                shards.Vector(points[i], shard),
                pass.Scratch
            );
        }
    }

    /// <inheritdoc/>
    protected override void Complete(HeadShards shards, ReadOnlySpan<LoadedWeights> points)
    {
        int items = (Config.GroupWidth + RowsPerItem - 1) / RowsPerItem;
        fixed (LoadedWeights* selected = points)
        {
            OutputBody body = new(this, shards, selected, items);
            Heads.Network.Pool.Run(points.Length * items, ref body);
        }
    }

    /// <summary>
    /// From the logits without the head of a block of positions to dz and what the block adds to the gradients of M and W_O; returns the
    /// sum of losses.
    /// </summary>
    private double BackwardBlock(
        RowPass pass,
        LoadedWeights point,
        MatrixView mixed,
        MatrixView originMixed,
        int first,
        MatrixView headless,
        LossScale scale,
        MatrixView mixedGradient,
        HeadShards shards,
        int shard
    )
    {
        int length = headless.Rows;
        using Scratch.Frame frame = pass.Scratch.Enter();
        MatrixView normalized = frame.Matrix(length, Config.ModelWidth);
        MatrixView weighted = frame.Matrix(length, Config.GroupWidth);
        Span<float> inverseScale = frame.Vector(length);
        Span<float> product = frame.Vector(length);
        Span<double> losses = new((double*)frame.Pointer(2 * length), length);
        MatrixView z = mixed.RowRange(first, length);
        Heads.Replace(point, pass.Residual(Heads.Output).RowRange(first, length), originMixed, z, normalized);
        _mixing.Normalize(normalized, inverseScale, pass.Scratch);
        Kernels.LowRankCrossEntropyBackward(
            headless,
            z,
            _mixing[point],
            _mixing.Transposed(point),
            inverseScale,
            _mixing.Bias,
            pass.Targets.Slice(first, length),
            scale,
            losses,
            mixedGradient,
            product,
            shards.Mixing(point, shard),
            pass.Scratch
        );

        if (!_mixing.HasScale)
        {
            product.Clear();
        }

        // weighted: first x̂·W_Oᵀ for dz, then −s·z/σ for dW_O.
        Kernels.Multiply(normalized, Heads[point].OutputTransposed, weighted, accumulate: false);
        for (int t = 0; t < length; t++)
        {
            CarryThroughScale(z.Row(t), product[t] / Config.ModelWidth, inverseScale[t], weighted.Row(t), mixedGradient.Row(t));
        }

        Kernels.MultiplyTransposed(weighted, normalized, shards.Vector(point, shard).Output, accumulate: true, pass.Scratch);
        return scale.Sum(losses);
    }

    /// <summary>dz ← (dz − s·w)/σ, then w ← −s·z/σ.</summary>
    private static void CarryThroughScale(ReadOnlySpan<float> z, float s, float inverseScale, Span<float> w, Span<float> mixedGradient)
    {
        for (int k = 0; k < z.Length; k++)
        {
            mixedGradient[k] = (mixedGradient[k] - (s * w[k])) * inverseScale;
            w[k] = -s * inverseScale * z[k];
        }
    }

    private readonly struct OutputBody(LastLayerHeadGroup owner, HeadShards shards, LoadedWeights* points, int items) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            LoadedWeights point = points[item / items];
            int first = item % items * RowsPerItem;
            owner._mixing.AddOutputGradient(
                shards.Mixing(point, 0),
                first,
                Math.Min(RowsPerItem, owner.Config.GroupWidth - first),
                shards.Vector(point, 0).Output,
                owner.Heads.Network.Evaluator.Scratch(worker)
            );
        }
    }
}
