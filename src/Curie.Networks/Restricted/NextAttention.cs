using System.Numerics;
using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// How heads reach the queries, keys and values of the next layer where no MLP is in between. With r* the residual stream behind the heads
/// at w*, z a head's mixed values, C the centring, γ, β the next layer norm's parameters, σ its scale at r* − z*·W_O* + z·W_O, and W, b all
/// query, key and value weights and biases of the next layer side by side (3A columns):
/// <code>
/// [q | k | v] = (F_h + z·N)/σ + o     F_h = F − z*·N*     F = r*·C·diag(γ)·W     N = W_O·C·diag(γ)·W     o = β·W + b
/// </code>
/// and o has W_pos·W in its query and key columns under shortformer positions. F is the same for all heads and weight vectors: e
/// multiplications a number in place of d.
/// </summary>
internal sealed unsafe class NextAttention : IDisposable
{
    /// <summary>Positions whose products stay in the second-level cache.</summary>
    private const int BlockPositions = 96;

    private readonly HeadSet _heads;
    private readonly PackedMatrix[][] _queries;
    private readonly PackedMatrix[][] _keysValues;
    private readonly PackedMatrix[] _removals;
    private readonly AlignedBuffer<float> _folded;
    private readonly AlignedBuffer<float> _product;
    private readonly AlignedBuffer<float> _offset;

    public NextAttention(HeadSet heads)
    {
        _heads = heads;
        (int d, int e) = (Config.ModelWidth, Config.HeadWidth);
        _queries = Slots(Width);
        _keysValues = Slots(2 * Width);
        _removals = [.. Enumerable.Range(0, heads.Count).Select(_ => Kernels.CreatePacked(e, 3 * Width))];
        _folded = new AlignedBuffer<float>((long)e * d);
        _product = new AlignedBuffer<float>(3L * e * Width);
        bool perPosition = Config.Positions == PositionalEmbedding.Shortformer;
        _offset = new AlignedBuffer<float>(3L * Width * (perPosition ? Config.ContextLength - 1 : 1));
        MakeOffset(perPosition);
        for (int component = 0; component < heads.Count; component++)
        {
            MatrixView origin = Origin.Slice(Origin.Layout.Blocks[heads.Layer].Output, heads.Head(component));
            MatrixView negated = Fold(origin);
            for (long i = 0; i < _product.Length; i++)
            {
                _product.Pointer[i] = -_product.Pointer[i];
            }

            Kernels.Pack(negated, _removals[component]);
            for (int slot = 0; slot < heads.Slots; slot++)
            {
                Load(component, slot, origin);
            }
        }
    }

    /// <summary>The next layer.</summary>
    public int Layer => _heads.Layer + 1;

    private TransformerConfig Config => _heads.Config;

    private Kernels Kernels => _heads.Kernels;

    private ParameterSet Origin => _heads.Network.Origin;

    private int Width => Config.AttentionWidth;

    private BlockTensors Tensors => Origin.Layout.Blocks[Layer];

    private FoldedNorm Norm => new(_heads.Network.Weights, Config.Norm, Tensors.Ln1Weight);

    private PackedBlock Packed => _heads.Network.Weights.Blocks[Layer];

    /// <summary>
    /// Whether the next layer reads the residual stream as the heads leave it, through a norm with all its parameters, and its queries and
    /// keys enter scores as they are.
    /// </summary>
    public static bool Follows(HeadSet heads) => Follows(heads.Config, heads.Layer);

    /// <summary>The same of a layer of an architecture.</summary>
    public static bool Follows(TransformerConfig config, int layer) =>
        config.AttentionOnly
        && layer < config.Layers - 1
        && config.Norm == NormKind.Layer
        && config.NormWeights
        && config.NormBiases
        && config.AttentionBiases
        && config.Rotary is null;

    /// <summary>Takes a head's W_O.</summary>
    public void Load(int component, int slot, MatrixView output)
    {
        MatrixView product = Fold(output);
        Kernels.Pack(product.ColumnRange(0, Width), _queries[component][slot]);
        Kernels.Pack(product.ColumnRange(Width, 2 * Width), _keysValues[component][slot]);
    }

    /// <summary>F, n × 3A, from r*.</summary>
    public void Freeze(MatrixView residual, MatrixView frozen, Scratch scratch)
    {
        using Scratch.Frame frame = scratch.Enter();
        MatrixView centred = frame.Matrix(residual.Rows, residual.Columns);
        Norm.Fold(residual, centred);
        MultiplyAll(centred, frozen);
    }

    /// <summary>F_h, n × 3A, from F and the head's mixed values at w*.</summary>
    public void RemoveHead(int component, MatrixView frozen, MatrixView originMixed, MatrixView result)
    {
        RowCopy.All(frozen, result);
        Kernels.Multiply(originMixed, _removals[component], result, accumulate: true);
    }

    /// <summary>
    /// Sets keys and values of the next layer, and the queries of the given positions (all of them if there are none), from the
    /// residual stream that is set in <paramref name="pass"/>.
    /// </summary>
    public void Project(LoadedWeights point, MatrixView headless, MatrixView mixed, ReadOnlySpan<int> attending, RowPass pass)
    {
        int n = mixed.Rows;
        BlockActivations block = pass.Block(Layer);
        Kernels.NormForward(
            pass.Residual(Layer),
            Origin[Tensors.Ln1Weight],
            Origin[Tensors.Ln1Bias],
            Config.Epsilon,
            default,
            block.Mean1(n),
            block.InverseScale1(n)
        );
        ReadOnlySpan<float> inverseScale = block.InverseScale1(n);
        using Scratch.Frame frame = pass.Scratch.Enter();
        MatrixView product = frame.Matrix(BlockPositions, 2 * Width);
        MatrixView keys = block.QueryKey(n).ColumnRange(Width, Width);
        for (int first = 0; first < n; first += BlockPositions)
        {
            int length = Math.Min(BlockPositions, n - first);
            Kernels.Multiply(
                mixed.RowRange(first, length),
                _keysValues[point.Component][point.Slot],
                product.RowRange(0, length),
                accumulate: false
            );
            for (int i = 0; i < length; i++)
            {
                int t = first + i;
                Span<float> row = product.Row(i);
                Combine(headless.Row(t).Slice(Width, Width), row[..Width], inverseScale[t], Offset(t).Slice(Width, Width), keys.Row(t));
                Combine(headless.Row(t)[(2 * Width)..], row[Width..], inverseScale[t], Offset(t)[(2 * Width)..], block.Value(n).Row(t));
            }
        }

        ProjectQueries(point, headless, mixed, attending, inverseScale, block.QueryKey(n).ColumnRange(0, Width), pass.Scratch);
    }

    public void Dispose()
    {
        Array.ForEach(_queries, slots => Array.ForEach(slots, packed => packed.Dispose()));
        Array.ForEach(_keysValues, slots => Array.ForEach(slots, packed => packed.Dispose()));
        Array.ForEach(_removals, packed => packed.Dispose());
        _folded.Dispose();
        _product.Dispose();
        _offset.Dispose();
    }

    /// <summary>y = (frozen + product)·inverseScale + offset.</summary>
    private static void Combine(
        ReadOnlySpan<float> frozen,
        ReadOnlySpan<float> product,
        float inverseScale,
        ReadOnlySpan<float> offset,
        Span<float> y
    )
    {
        int i = 0;
        Vector<float> scale = new(inverseScale);
        for (; i + Vector<float>.Count <= y.Length; i += Vector<float>.Count)
        {
            Vector<float> sum = new Vector<float>(frozen[i..]) + new Vector<float>(product[i..]);
            Vector.FusedMultiplyAdd(sum, scale, new Vector<float>(offset[i..])).CopyTo(y[i..]);
        }

        for (; i < y.Length; i++)
        {
            y[i] = MathF.FusedMultiplyAdd(frozen[i] + product[i], inverseScale, offset[i]);
        }
    }

    private void ProjectQueries(
        LoadedWeights point,
        MatrixView headless,
        MatrixView mixed,
        ReadOnlySpan<int> attending,
        ReadOnlySpan<float> inverseScale,
        MatrixView queries,
        Scratch scratch
    )
    {
        int count = attending.IsEmpty ? mixed.Rows : attending.Length;
        using Scratch.Frame frame = scratch.Enter();
        MatrixView gathered = frame.Matrix(BlockPositions, Config.HeadWidth);
        MatrixView product = frame.Matrix(BlockPositions, Width);
        for (int first = 0; first < count; first += BlockPositions)
        {
            int length = Math.Min(BlockPositions, count - first);
            MatrixView z = gathered.RowRange(0, length);
            if (attending.IsEmpty)
            {
                z = mixed.RowRange(first, length);
            }
            else
            {
                RowCopy.Gather(mixed, attending.Slice(first, length), z);
            }

            Kernels.Multiply(z, _queries[point.Component][point.Slot], product.RowRange(0, length), accumulate: false);
            for (int i = 0; i < length; i++)
            {
                int t = attending.IsEmpty ? first + i : attending[first + i];
                Combine(headless.Row(t)[..Width], product.Row(i), inverseScale[t], Offset(t)[..Width], queries.Row(t));
            }
        }
    }

    private ReadOnlySpan<float> Offset(int position) =>
        _offset.Slice(Config.Positions == PositionalEmbedding.Shortformer ? 3L * Width * position : 0, 3 * Width);

    private PackedMatrix[][] Slots(int columns) =>
        [
            .. Enumerable
                .Range(0, _heads.Count)
                .Select(_ => Enumerable.Range(0, _heads.Slots).Select(_ => Kernels.CreatePacked(Config.HeadWidth, columns)).ToArray()),
        ];

    /// <summary>N of a head's W_O, e × 3A.</summary>
    private MatrixView Fold(MatrixView output)
    {
        MatrixView folded = new(_folded.Pointer, output.Rows, output.Columns);
        MatrixView product = new(_product.Pointer, output.Rows, 3 * Width);
        Norm.Fold(output, folded);
        MultiplyAll(folded, product);
        return product;
    }

    /// <summary>x·W, n × 3A.</summary>
    private void MultiplyAll(MatrixView x, MatrixView y)
    {
        Kernels.Multiply(x, Packed.QueryKey.Forward, y.ColumnRange(0, 2 * Width), accumulate: false);
        Kernels.Multiply(x, Packed.Value.Forward, y.ColumnRange(2 * Width, Width), accumulate: false);
    }

    private void MakeOffset(bool perPosition)
    {
        MatrixView offset = new(_offset.Pointer, perPosition ? Config.ContextLength - 1 : 1, 3 * Width);
        if (perPosition)
        {
            Kernels.Multiply(
                Origin.Matrix(Origin.Layout.PositionEmbedding).RowRange(0, offset.Rows),
                Packed.QueryKey.Forward,
                offset.ColumnRange(0, 2 * Width),
                accumulate: false
            );
        }

        using AlignedBuffer<float> constant = new(3L * Width);
        MatrixView row = new(constant.Pointer, 1, 3 * Width);
        fixed (float* beta = Origin[Tensors.Ln1Bias])
        {
            MultiplyAll(new MatrixView(beta, 1, Config.ModelWidth), row);
        }

        Kernels.Add(Origin[Tensors.QueryBias], row.Row(0)[..Width]);
        Kernels.Add(Origin[Tensors.KeyBias], row.Row(0).Slice(Width, Width));
        Kernels.Add(Origin[Tensors.ValueBias], row.Row(0)[(2 * Width)..]);
        Kernels.AddRow(row.Row(0), offset);
    }
}
