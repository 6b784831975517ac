using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Restricted;

/// <summary>Heads of one layer, or its groups of heads that share keys and values, that are evaluated side by side.</summary>
/// <remarks>
/// Row i of a minibatch adds its gradients to shard i mod <see cref="TransformerEvaluator.MaxShards"/>, and shards are added in order: the
/// same bits for any number of workers, and for a component alone or among others. Where there are more workers than shards, the components
/// are shared out among them too, and each part makes again what it shares with the others.
/// </remarks>
internal abstract class HeadGroup : IRestrictedGroup
{
    private readonly HeadShards _shards;
    private readonly LoadedWeights[] _selected;
    private readonly int[] _partStarts;
    private int[] _batch = [];
    private double[] _rowSums = [];

    protected HeadGroup(FrozenNetwork network, IReadOnlyList<Component> components, int slots, int gradientSlots, bool withMixing)
    {
        Heads = new HeadSet(network, components, slots, gradientSlots);
        _shards = new HeadShards(Heads, withMixing);
        _selected = new LoadedWeights[components.Count * gradientSlots];
        _partStarts = new int[components.Count + 1];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Component> Components => Heads.Components;

    /// <inheritdoc/>
    public int Slots => Heads.Slots;

    /// <inheritdoc/>
    public int GradientSlots => Heads.GradientSlots;

    protected HeadSet Heads { get; }

    /// <inheritdoc/>
    public void CopyOrigin(int component, Span<float> w) => Heads.CopyOrigin(component, w);

    /// <inheritdoc/>
    public virtual void Load(int component, int slot, ReadOnlySpan<float> w) => Heads.Load(component, slot, w);

    /// <inheritdoc/>
    public abstract IFrozenRows Freeze(TokenRows rows, IReadOnlyList<int> indices, IReadOnlyList<int>? wanted, long memory);

    /// <inheritdoc/>
    public void LossesAndGradients(
        TokenRows rows,
        ReadOnlySpan<int> batch,
        ReadOnlySpan<LoadedWeights> points,
        Span<double> losses,
        IReadOnlyList<AlignedBuffer<float>> gradients,
        LossWeights? counts = null
    )
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(gradients);
        Prepare(batch, points);
        int shards = Math.Min(batch.Length, TransformerEvaluator.MaxShards);
        double count = (double)batch.Length * (rows.ContextLength - 1);
        _shards.Prepare(points, shards);
        int parts = DivideComponents(points, (Heads.Network.Pool.Workers + shards - 1) / shards);
        ShardBody body = new(this, rows, counts, batch.Length, shards, (float)(1 / count));
        Heads.Network.Pool.Run(shards * parts, ref body);
        _shards.Reduce(_selected, points.Length, shards);
        Complete(_shards, points);
        for (int i = 0; i < points.Length; i++)
        {
            _shards.CopyTo(points[i], 0, gradients[i].Span);
            double sum = 0;
            for (int row = 0; row < batch.Length; row++)
            {
                sum += _rowSums[(i * batch.Length) + row];
            }

            losses[i] = sum / count;
        }
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Heads.Dispose();
        _shards.Dispose();
    }

    /// <summary>Adds one row's gradients to a shard, and writes the sum of its losses for each point.</summary>
    /// <param name="pass">The worker's memory with the row's tokens in it.</param>
    /// <param name="points">The weight vectors, those of a component side by side.</param>
    /// <param name="shards">The gradients.</param>
    /// <param name="shard">The shard to add to.</param>
    /// <param name="scale">The weight of each token in the loss.</param>
    /// <param name="sums">Element i·stride receives the sum of losses at points[i].</param>
    /// <param name="stride">The distance between points in <paramref name="sums"/>.</param>
    /// <param name="worker">The worker.</param>
    protected abstract void AddRow(
        RowPass pass,
        ReadOnlySpan<LoadedWeights> points,
        HeadShards shards,
        int shard,
        LossScale scale,
        Span<double> sums,
        int stride,
        int worker
    );

    /// <summary>What is to be done once to the sum over shards, which is in shard 0.</summary>
    protected abstract void Complete(HeadShards shards, ReadOnlySpan<LoadedWeights> points);

    private void Prepare(ReadOnlySpan<int> batch, ReadOnlySpan<LoadedWeights> points)
    {
        ArgumentOutOfRangeException.ThrowIfZero(batch.Length);
        if (_batch.Length < batch.Length)
        {
            _batch = new int[batch.Length];
            _rowSums = new double[batch.Length * _selected.Length];
        }

        batch.CopyTo(_batch);
        points.CopyTo(_selected);
    }

    /// <summary>Divides points into parts of nearly as many components each, no component between two.</summary>
    /// <returns>The number of parts, at most as many as wanted.</returns>
    private int DivideComponents(ReadOnlySpan<LoadedWeights> points, int wanted)
    {
        int components = 1;
        for (int i = 1; i < points.Length; i++)
        {
            components += points[i].Component == points[i - 1].Component ? 0 : 1;
        }

        int parts = Math.Min(wanted, components);
        int component = 0;
        int part = 0;
        for (int i = 0; i < points.Length; i++)
        {
            component += i > 0 && points[i].Component != points[i - 1].Component ? 1 : 0;
            while (part * components <= component * parts && part < parts)
            {
                _partStarts[part++] = i;
            }
        }

        _partStarts[parts] = points.Length;
        return parts;
    }

    private readonly struct ShardBody(HeadGroup owner, TokenRows rows, LossWeights? counts, int count, int shards, float scale)
        : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            (int part, int shard) = (item / shards, item % shards);
            int first = owner._partStarts[part];
            ReadOnlySpan<LoadedWeights> selected = owner._selected.AsSpan(first, owner._partStarts[part + 1] - first);
            foreach (LoadedWeights point in selected)
            {
                owner._shards.Clear(point, shard);
            }

            for (int i = shard; i < count; i += shards)
            {
                RowPass pass = owner.Heads.Network.Evaluator.Begin(rows, owner._batch[i], worker);
                LossScale weighted = new(scale, counts is null ? [] : counts.Row(owner._batch[i]));
                owner.AddRow(pass, selected, owner._shards, shard, weighted, owner._rowSums.AsSpan((first * count) + i), count, worker);
            }
        }
    }
}
