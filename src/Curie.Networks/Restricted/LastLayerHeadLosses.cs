using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Restricted;

/// <summary>
/// Losses while heads of the last layer vary, one at a time, with nothing but the final layer norm and the unembedding behind them
/// (<see cref="HeadMixing"/> has the equations): u multiplications a logit in place of d. Only the wanted positions attend and are
/// unembedded, and B is read, or computed again where it is not kept, once for all heads and weight vectors.
/// </summary>
internal sealed unsafe class LastLayerHeadLosses : HeadLosses
{
    /// <summary>Positions whose frozen logits are in cache together while all heads and weight vectors use them.</summary>
    public const int BlockPositions = 96;

    private readonly HeadMixing _mixing;

    public LastLayerHeadLosses(
        HeadSet heads,
        HeadMixing mixing,
        TokenRows rows,
        IReadOnlyList<int> indices,
        IReadOnlyList<int>? wanted,
        long memory
    )
        : base(heads, rows, indices, wanted, wantedOnly: true, memory) => _mixing = mixing;

    private Kernels Kernels => Heads.Kernels;

    private bool KeepsHeadless => Heads.Count == 1;

    /// <summary>Keeps B of as many rows as fit; without the head's own part where there is only one.</summary>
    public override void UseSpareMemory(long bytes)
    {
        Store.AllocateLogits(bytes);
        LogitsBody body = new(this);
        Heads.Network.Pool.Run(Store.RowsWithLogits, ref body);
    }

    /// <inheritdoc/>
    protected override void Evaluate(in FrozenHeadRow row, ReadOnlySpan<LoadedWeights> points, LossSink sink, RowPass pass)
    {
        int wanted = row.Wanted.Length;
        using Scratch.Frame frame = pass.Scratch.Enter();
        MatrixView mixed = frame.Matrix(points.Length * wanted, Config.GroupWidth);
        Attend(row, points, mixed, pass);
        ReadOnlySpan<int> all = pass.Targets;
        Span<int> targets = new(frame.Pointer(wanted), wanted);
        for (int i = 0; i < wanted; i++)
        {
            targets[i] = all[row.Wanted[i]];
        }

        bool kept = row.Index < Store.RowsWithLogits;
        MatrixView computed = kept ? default : frame.Matrix(Math.Min(BlockPositions, wanted), Config.Logits);
        for (int first = 0; first < wanted; first += BlockPositions)
        {
            int length = Math.Min(BlockPositions, wanted - first);
            MatrixView logits = kept ? Store.Logits(row.Index).RowRange(first, length) : computed.RowRange(0, length);
            if (!kept)
            {
                _mixing.FrozenLogits(row.Residual.RowRange(first, length), logits, pass.Scratch);
            }

            for (int component = 0; component < Heads.Count; component++)
            {
                Unembed(row, component, points, first, logits, mixed, targets.Slice(first, length), sink, pass.Scratch);
            }
        }
    }

    /// <summary>The mixed values of the wanted positions, point by point.</summary>
    private void Attend(in FrozenHeadRow row, ReadOnlySpan<LoadedWeights> points, MatrixView mixed, RowPass pass)
    {
        int wanted = row.Wanted.Length;
        using Scratch.Frame frame = pass.Scratch.Enter();
        HeadInput input = Input(row, wantedOnly: true, pass, frame);
        HeadActivations activations = new(frame, Config, wanted, row.Norm.Rows);
        for (int k = 0; k < points.Length; k++)
        {
            HeadPass.Forward(Heads, points[k], input, activations with { Mixed = mixed.RowRange(k * wanted, wanted) }, pass.Scratch);
        }
    }

    /// <summary>The losses of a block of positions at all points of one component.</summary>
    private void Unembed(
        in FrozenHeadRow row,
        int component,
        ReadOnlySpan<LoadedWeights> points,
        int first,
        MatrixView logits,
        MatrixView mixed,
        ReadOnlySpan<int> targets,
        LossSink sink,
        Scratch scratch
    )
    {
        int length = targets.Length;
        using Scratch.Frame frame = scratch.Enter();
        bool isHeadless = KeepsHeadless && row.Index < Store.RowsWithLogits;
        MatrixView headless = isHeadless ? logits : frame.Matrix(length, Config.Logits);
        MatrixView headlessResidual = frame.Matrix(length, Config.ModelWidth);
        MatrixView residual = frame.Matrix(length, Config.ModelWidth);
        Span<float> inverseScale = frame.Vector(length);
        Span<double> losses = new((double*)frame.Pointer(2 * length), length);
        MatrixView originMixed = row.MixedOf(component, Config).RowRange(first, length);
        bool begun = false;
        for (int k = 0; k < points.Length; k++)
        {
            if (points[k].Component != component)
            {
                continue;
            }

            if (!begun)
            {
                Heads.Remove(component, row.Residual.RowRange(first, length), originMixed, headlessResidual);
                if (!isHeadless)
                {
                    _mixing.RemoveHead(component, logits, originMixed, headless);
                }

                begun = true;
            }

            MatrixView z = mixed.RowRange((k * row.Wanted.Length) + first, length);
            Heads.Put(points[k], headlessResidual, z, residual);
            _mixing.InverseScale(residual, inverseScale, scratch);
            Kernels.LowRankCrossEntropyForward(headless, z, _mixing[points[k]], inverseScale, _mixing.Bias, targets, losses, scratch);
            sink.Add(k, first, losses);
        }
    }

    private readonly struct LogitsBody(LastLayerHeadLosses owner) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            FrozenHeadRow row = owner.Store.Kept(item);
            MatrixView logits = owner.Store.Logits(item);
            owner._mixing.FrozenLogits(row.Residual, logits, owner.Heads.Network.Evaluator.Scratch(worker));
            if (owner.KeepsHeadless)
            {
                owner._mixing.RemoveHead(0, logits, row.MixedOf(0, owner.Config), logits);
            }
        }
    }
}
