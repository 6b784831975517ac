using Curie.Networks.Architecture;
using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Restricted;

/// <summary>
/// Losses of fixed rows while heads of one layer vary, one at a time. The network up to that layer's attention runs at w* once for all
/// of them, and is kept where memory allows.
/// </summary>
/// <remarks>
/// Work is split over rows; a row's losses depend on that row alone, so they are the same bits for any number of workers.
/// </remarks>
internal abstract unsafe class HeadLosses : IFrozenRows
{
    private readonly TokenRows _rows;
    private readonly int[] _indices;
    private double[] _rowSums = [];

    protected HeadLosses(
        HeadSet heads,
        TokenRows rows,
        IReadOnlyList<int> indices,
        IReadOnlyList<int>? wanted,
        bool wantedOnly,
        long memory
    )
    {
        Heads = heads;
        _rows = rows;
        _indices = [.. indices];
        Wanted = new WantedTokens(_indices.Length, rows.ContextLength - 1, wanted);
        Store = new HeadRowStore(Config, Wanted, _indices.Length, heads.Count, wantedOnly, memory);
        FreezeBody body = new(this);
        heads.Network.Pool.Run(Store.KeptRows, ref body);
    }

    /// <inheritdoc/>
    public long FrozenBytes => Store.Bytes;

    protected HeadSet Heads { get; }

    protected WantedTokens Wanted { get; }

    protected HeadRowStore Store { get; }

    protected TransformerConfig Config => Heads.Config;

    /// <inheritdoc/>
    public abstract void UseSpareMemory(long bytes);

    /// <inheritdoc/>
    public void Losses(ReadOnlySpan<LoadedWeights> points, Span<float> losses, Span<double> rowMeans)
    {
        int sums = points.Length * _indices.Length;
        if (_rowSums.Length < sums)
        {
            _rowSums = new double[sums];
        }

        fixed (LoadedWeights* first = points)
        {
            fixed (float* output = losses)
            {
                LossBody body = new(this, first, points.Length, losses.IsEmpty ? null : output);
                Heads.Network.Pool.Run(_indices.Length, ref body);
            }
        }

        for (int i = 0; i < rowMeans.Length; i++)
        {
            rowMeans[i] = _rowSums[i] / Math.Max(1, Wanted.CountIn(i % _indices.Length));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Store.Dispose();

    /// <summary>The losses of one row at all points.</summary>
    protected abstract void Evaluate(in FrozenHeadRow row, ReadOnlySpan<LoadedWeights> points, LossSink sink, RowPass pass);

    /// <summary>What the heads read, with only the wanted positions attending or all of them.</summary>
    protected HeadInput Input(in FrozenHeadRow row, bool wantedOnly, RowPass pass, Scratch.Frame frame)
    {
        MatrixView key = row.Norm;
        if (Config.Positions == PositionalEmbedding.Shortformer)
        {
            key = frame.Matrix(row.Norm.Rows, row.Norm.Columns);
            RowCopy.All(row.Norm, key);
            pass.AddPositions(Heads.Network.Origin, key);
        }

        if (!wantedOnly || row.Wanted.Length == key.Rows)
        {
            return new HeadInput
            {
                Query = key,
                Key = key,
                Value = row.Norm,
            };
        }

        MatrixView query = frame.Matrix(row.Wanted.Length, key.Columns);
        RowCopy.Gather(key, row.Wanted, query);
        return new HeadInput
        {
            Query = query,
            Key = key,
            Value = row.Norm,
            Positions = row.Wanted,
        };
    }

    private RowPass Begin(int row, int worker)
    {
        RowPass pass = Heads.Network.Evaluator.Begin(_rows, _indices[row], worker);
        pass.Truncate(Wanted.Reach(row));
        return pass;
    }

    private void Freeze(in FrozenHeadRow row, RowPass pass)
    {
        pass.Forward(Heads.Network.Weights, default, Heads.Output);
        BlockActivations block = pass.Block(Heads.Layer);
        RowCopy.All(block.Norm1(pass.Positions), row.Norm);
        bool all = row.Residual.Rows == pass.Positions;
        MatrixView residual = pass.Residual(Heads.Output);
        Take(residual, row.Residual, row.Wanted, all);
        for (int component = 0; component < Heads.Count; component++)
        {
            Take(Heads.Mixed(component, block, pass.Positions), row.MixedOf(component, Config), row.Wanted, all);
        }

        static void Take(MatrixView from, MatrixView to, ReadOnlySpan<int> positions, bool all)
        {
            if (all)
            {
                RowCopy.All(from, to);
            }
            else
            {
                RowCopy.Gather(from, positions, to);
            }
        }
    }

    private void Evaluate(int row, ReadOnlySpan<LoadedWeights> points, float* losses, int worker)
    {
        LossSink sink = new(_rowSums, _indices.Length, row, losses, Wanted.Count, Wanted.Start(row));
        sink.Reset(points.Length);
        if (Wanted.Reach(row) == 0)
        {
            return;
        }

        RowPass pass = Begin(row, worker);
        using Scratch.Frame frame = pass.Scratch.Enter();
        bool kept = row < Store.KeptRows;
        FrozenHeadRow frozen = kept ? Store.Kept(row) : Store.Room(row, frame);
        if (!kept)
        {
            Freeze(frozen, pass);
        }

        Evaluate(frozen, points, sink, pass);
    }

    private readonly struct FreezeBody(HeadLosses owner) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            if (owner.Wanted.Reach(item) > 0)
            {
                owner.Freeze(owner.Store.Kept(item), owner.Begin(item, worker));
            }
        }
    }

    private readonly struct LossBody(HeadLosses owner, LoadedWeights* points, int count, float* losses) : IParallelBody
    {
        public void Invoke(int item, int worker) => owner.Evaluate(item, new ReadOnlySpan<LoadedWeights>(points, count), losses, worker);
    }
}
