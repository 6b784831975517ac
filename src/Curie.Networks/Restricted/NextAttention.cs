using System.Numerics;
using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// How heads reach the queries, keys and values of the next layer where no MLP is in between, or one beside the attention. With r* the
/// residual stream behind the heads at w*, z a component's mixed values, u wide, C the centring, γ, β the next norm's parameters, σ its
/// scale at r* − z*·W_O* + z·W_O, and W, b all query, key and value weights and biases of the next layer side by side (A + 2G columns,
/// A = heads·e, G = key-value heads·e):
/// <code>
/// [q | k | v] = (F_h + z·N)/σ + o     F_h = F − z*·N*     F = r*·C·diag(γ)·W     N = W_O·C·diag(γ)·W     o = β·W + b
/// </code>
/// and o has W_pos·W in its query and key columns under shortformer positions. F is the same for all components and weight vectors: u
/// multiplications a number in place of d. Norms and turns of queries and keys come after.
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
        (int d, int u) = (Config.ModelWidth, Config.GroupWidth);
        _queries = Slots(QueryWidth);
        _keysValues = Slots(2 * KeyWidth);
        _removals = [.. Enumerable.Range(0, heads.Count).Select(_ => Kernels.CreatePacked(u, Width))];
        _folded = new AlignedBuffer<float>((long)u * d);
        _product = new AlignedBuffer<float>((long)u * Width);
        bool perPosition = Config.Positions == PositionalEmbedding.Shortformer;
        _offset = new AlignedBuffer<float>((long)Width * (perPosition ? Config.ContextLength - 1 : 1));
        MakeOffset(perPosition);
        for (int component = 0; component < heads.Count; component++)
        {
            MatrixView origin = heads.OriginOutput(component);
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

    private TransformerWeights Weights => _heads.Network.Weights;

    private int QueryWidth => Config.AttentionWidth;

    private int KeyWidth => Config.KeyWidth;

    private int Width => Config.ProjectionWidth;

    private BlockTensors Tensors => Origin.Layout.Blocks[Layer];

    private FoldedNorm Norm => new(Weights, Config.Norm, Tensors.Ln1Weight);

    private PackedBlock Packed => Weights.Blocks[Layer];

    /// <summary>Whether the layer behind the heads is evaluated so.</summary>
    public static bool Follows(HeadSet heads) => Follows(heads.Config, heads.Layer);

    /// <summary>
    /// Whether the layer behind one of an architecture is evaluated so: it reads the residual stream as the heads leave it, and their
    /// dimensions are few. Where heads have keys of their own and no norms, whose runs keep their bits, it is also to have all parameters
    /// and to turn nothing.
    /// </summary>
    public static bool Follows(TransformerConfig config, int layer) =>
        (config.AttentionOnly || config.Parallel)
        && layer < config.Layers - 1
        && HeadPlace.IsNarrow(config)
        && (config.HeadsPerGroup > 1 || config.QueryKeyNorm || IsUnturned(config));

    /// <summary>Takes a component's W_O.</summary>
    public void Load(int component, int slot, MatrixView output)
    {
        MatrixView product = Fold(output);
        Kernels.Pack(product.ColumnRange(0, QueryWidth), _queries[component][slot]);
        Kernels.Pack(product.ColumnRange(QueryWidth, 2 * KeyWidth), _keysValues[component][slot]);
    }

    /// <summary>F, n × (A + 2G), from r*.</summary>
    public void Freeze(MatrixView residual, MatrixView frozen, Scratch scratch)
    {
        using Scratch.Frame frame = scratch.Enter();
        MatrixView centred = frame.Matrix(residual.Rows, residual.Columns);
        Norm.Fold(residual, centred);
        MultiplyAll(centred, frozen);
    }

    /// <summary>F_h, n × (A + 2G), from F and the component's mixed values at w*.</summary>
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
        using Scratch.Frame frame = pass.Scratch.Enter();
        Span<float> inverseScale = block.InverseScale1(n);
        Norm.Scale(Kernels, pass.Residual(Layer), default, inverseScale, pass.Scratch);
        if (Config is { AttentionOnly: false, HasSecondNorm: false })
        {
            // The MLP reads the norm that attention does without here.
            new NormPart(Kernels, Config.Norm, Config.Epsilon).Forward(
                Weights,
                Tensors.Ln1Weight,
                Tensors.Ln1Bias,
                pass.Residual(Layer),
                block.Norm1(n),
                block.Mean1(n),
                inverseScale
            );
        }

        MatrixView product = frame.Matrix(BlockPositions, 2 * KeyWidth);
        MatrixView keys = block.RawQueryKey(n).ColumnRange(QueryWidth, KeyWidth);
        MatrixView values = block.Value(n);
        int firstValue = QueryWidth + KeyWidth;
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
                ReadOnlySpan<float> frozen = headless.Row(t);
                ReadOnlySpan<float> offset = Offset(t);
                Combine(frozen[QueryWidth..firstValue], row[..KeyWidth], inverseScale[t], offset[QueryWidth..firstValue], keys.Row(t));
                Combine(frozen[firstValue..], row[KeyWidth..], inverseScale[t], offset[firstValue..], values.Row(t));
            }
        }

        ProjectQueries(point, headless, mixed, attending, inverseScale, block.RawQueryKey(n).ColumnRange(0, QueryWidth), pass.Scratch);
        pass.Stack.Attention.NormAndTurn(Weights, Layer, block, n);
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

    private static bool IsUnturned(TransformerConfig config) =>
        config is { AttentionOnly: true, Norm: NormKind.Layer, NormWeights: true, NormBiases: true, AttentionBiases: true, Rotary: null };

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
        MatrixView gathered = frame.Matrix(BlockPositions, Config.GroupWidth);
        MatrixView product = frame.Matrix(BlockPositions, QueryWidth);
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
                Combine(headless.Row(t)[..QueryWidth], product.Row(i), inverseScale[t], Offset(t)[..QueryWidth], queries.Row(t));
            }
        }
    }

    private ReadOnlySpan<float> Offset(int position) =>
        _offset.Slice(Config.Positions == PositionalEmbedding.Shortformer ? (long)Width * position : 0, Width);

    private PackedMatrix[][] Slots(int columns) =>
        [
            .. Enumerable
                .Range(0, _heads.Count)
                .Select(_ => Enumerable.Range(0, _heads.Slots).Select(_ => Kernels.CreatePacked(Config.GroupWidth, columns)).ToArray()),
        ];

    /// <summary>N of a component's W_O, u × (A + 2G).</summary>
    private MatrixView Fold(MatrixView output)
    {
        MatrixView folded = new(_folded.Pointer, output.Rows, output.Columns);
        MatrixView product = new(_product.Pointer, output.Rows, Width);
        Norm.Fold(output, folded);
        MultiplyAll(folded, product);
        return product;
    }

    /// <summary>x·W, n × (A + 2G).</summary>
    private void MultiplyAll(MatrixView x, MatrixView y)
    {
        Kernels.Multiply(x, Packed.QueryKey.Forward, y.ColumnRange(0, QueryWidth + KeyWidth), accumulate: false);
        Kernels.Multiply(x, Packed.Value.Forward, y.ColumnRange(QueryWidth + KeyWidth, KeyWidth), accumulate: false);
    }

    private void MakeOffset(bool perPosition)
    {
        MatrixView offset = new(_offset.Pointer, perPosition ? Config.ContextLength - 1 : 1, Width);
        if (perPosition)
        {
            Kernels.Multiply(
                Origin.Matrix(Origin.Layout.PositionEmbedding).RowRange(0, offset.Rows),
                Packed.QueryKey.Forward,
                offset.ColumnRange(0, QueryWidth + KeyWidth),
                accumulate: false
            );
        }

        using AlignedBuffer<float> constant = new(Width);
        MatrixView row = new(constant.Pointer, 1, Width);
        fixed (float* beta = Weights.OrZeros(Tensors.Ln1Bias, Config.ModelWidth))
        {
            MultiplyAll(new MatrixView(beta, 1, Config.ModelWidth), row);
        }

        if (Config.AttentionBiases)
        {
            // b_Q, b_K and b_V lie side by side in the layout.
            Kernels.Add(Origin.Values.Slice(Tensors.QueryBias.Offset, Width), row.Row(0));
        }

        Kernels.AddRow(row.Row(0), offset);
    }
}
