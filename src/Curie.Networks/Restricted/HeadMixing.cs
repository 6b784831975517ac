using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Restricted;

/// <summary>
/// How heads of the last layer reach the logits. With r* the final residual at w*, z the mixed values of a component, u wide, C the
/// centring, γ, β the final norm's parameters and σ its scale at r* − z*·W_O* + z·W_O:
/// <code>
/// logits = (B_h + z·M)/σ + b     B_h = B − z*·M*     B = r*·C·diag(γ)·W_U     M = W_O·C·diag(γ)·W_U     b = β·W_U + b_U
/// </code>
/// B is the same for all components and weight vectors, B_h for all weight vectors of a component.
/// </summary>
internal sealed unsafe class HeadMixing : IDisposable
{
    /// <summary>Rows of M that one worker computes at a time: the rows of a register tile.</summary>
    private const int RowsPerItem = 6;

    private readonly HeadSet _heads;
    private readonly PackedMatrix[][] _loaded;
    private readonly PackedMatrix[][] _transposed;
    private readonly PackedMatrix[] _removals;
    private readonly AlignedBuffer<float> _bias;
    private readonly AlignedBuffer<float> _folded;
    private readonly AlignedBuffer<float> _product;

    public HeadMixing(HeadSet heads)
    {
        _heads = heads;
        (int d, int u, int v) = (Config.ModelWidth, Config.GroupWidth, Config.Logits);
        _folded = new AlignedBuffer<float>((long)u * d);
        _product = new AlignedBuffer<float>((long)u * v);
        _bias = new AlignedBuffer<float>(v);
        _loaded =
        [
            .. Enumerable
                .Range(0, heads.Count)
                .Select(_ => Enumerable.Range(0, heads.Slots).Select(_ => Kernels.CreatePacked(u, v)).ToArray()),
        ];
        _transposed =
        [
            .. Enumerable
                .Range(0, heads.Count)
                .Select(_ => Enumerable.Range(0, heads.GradientSlots).Select(_ => Kernels.CreatePacked(v, u)).ToArray()),
        ];
        _removals = [.. Enumerable.Range(0, heads.Count).Select(_ => Kernels.CreatePacked(u, v))];
        FoldBias();
        for (int component = 0; component < heads.Count; component++)
        {
            MatrixView origin = heads.OriginOutput(component);
            Fold(origin, -1, _removals[component], null);
            for (int slot = 0; slot < heads.Slots; slot++)
            {
                Load(component, slot, origin);
            }
        }
    }

    /// <summary>b, V.</summary>
    public ReadOnlySpan<float> Bias => _bias.Span;

    private TransformerConfig Config => _heads.Config;

    private Kernels Kernels => _heads.Kernels;

    private ParameterLayout Layout => _heads.Network.Layout;

    private TransformerWeights Weights => _heads.Network.Weights;

    private FoldedNorm Norm => new(Weights, Config.FinalNorm, Layout.FinalNormWeight);

    private MatrixView Folded => new(_folded.Pointer, Config.GroupWidth, Config.ModelWidth);

    /// <summary>Whether σ depends on the residual stream.</summary>
    public bool HasScale => Norm.HasScale;

    /// <summary>M of a loaded weight vector, u × V.</summary>
    public PackedMatrix this[LoadedWeights point] => _loaded[point.Component][point.Slot];

    /// <summary>Mᵀ of a weight vector in a slot that may be asked for gradients, V × u.</summary>
    public PackedMatrix Transposed(LoadedWeights point) => _transposed[point.Component][point.Slot];

    /// <summary>Takes a head's W_O.</summary>
    public void Load(int component, int slot, MatrixView output) =>
        Fold(output, 1, _loaded[component][slot], slot < _heads.GradientSlots ? _transposed[component][slot] : null);

    /// <summary>B of some positions, from the final residual at w*.</summary>
    public void FrozenLogits(MatrixView residual, MatrixView logits, Scratch scratch)
    {
        using Scratch.Frame frame = scratch.Enter();
        MatrixView centred = frame.Matrix(residual.Rows, residual.Columns);
        Norm.Fold(residual, centred);
        Kernels.Multiply(centred, Weights.Unembed.Forward, logits, accumulate: false);
    }

    /// <summary>B_h of some positions, from B and the component's mixed values at w*.</summary>
    public void RemoveHead(int component, MatrixView logits, MatrixView originMixed, MatrixView result)
    {
        RowCopy.All(logits, result);
        Kernels.Multiply(originMixed, _removals[component], result, accumulate: true);
    }

    /// <summary>x̂ = C·r/σ, in place, and 1/σ of every row.</summary>
    public void Normalize(MatrixView residual, Span<float> inverseScale, Scratch scratch) =>
        Norm.Scale(Kernels, residual, residual, inverseScale, scratch);

    /// <summary>1/σ of every row.</summary>
    public void InverseScale(MatrixView residual, Span<float> inverseScale, Scratch scratch) =>
        Norm.Scale(Kernels, residual, default, inverseScale, scratch);

    /// <summary>
    /// Adds rows first … first + count of g_M·W_Uᵀ·diag(γ)·C to those of W_O's gradient: what a gradient g_M of M (u × V) means for W_O.
    /// </summary>
    public void AddOutputGradient(MatrixView mixingGradient, int first, int count, MatrixView outputGradient, Scratch scratch)
    {
        using Scratch.Frame frame = scratch.Enter();
        MatrixView product = frame.Matrix(count, Config.ModelWidth);
        Kernels.Multiply(mixingGradient.RowRange(first, count), Weights.Unembed.Backward, product, accumulate: false);
        Norm.FoldTransposed(product, product);
        for (int i = 0; i < count; i++)
        {
            Kernels.Add(product.Row(i), outputGradient.Row(first + i));
        }
    }

    public void Dispose()
    {
        Array.ForEach(_loaded, slots => Array.ForEach(slots, packed => packed.Dispose()));
        Array.ForEach(_transposed, slots => Array.ForEach(slots, packed => packed.Dispose()));
        Array.ForEach(_removals, packed => packed.Dispose());
        _bias.Dispose();
        _folded.Dispose();
        _product.Dispose();
    }

    private void FoldBias()
    {
        fixed (float* beta = Weights.OrZeros(Layout.FinalNormBias, Config.ModelWidth))
        {
            MatrixView row = new(_bias.Pointer, 1, Config.Logits);
            Kernels.Multiply(new MatrixView(beta, 1, Config.ModelWidth), Weights.Unembed.Forward, row, accumulate: false);
            Kernels.AddRow(Weights.UnembeddingBias, row);
        }
    }

    private void Fold(MatrixView output, float sign, PackedMatrix packed, PackedMatrix? transposed)
    {
        Norm.Fold(output, Folded);
        for (long i = 0; i < _folded.Length; i++)
        {
            _folded.Pointer[i] *= sign;
        }

        FoldBody body = new(this, packed, transposed);
        _heads.Network.Pool.Run((Config.GroupWidth + RowsPerItem - 1) / RowsPerItem, ref body);
    }

    private readonly struct FoldBody(HeadMixing owner, PackedMatrix packed, PackedMatrix? transposed) : IParallelBody
    {
        public void Invoke(int item, int worker)
        {
            int vocabulary = owner.Config.Logits;
            int first = item * RowsPerItem;
            int rows = Math.Min(RowsPerItem, owner.Config.GroupWidth - first);
            MatrixView product = new(owner._product.Pointer + ((long)first * vocabulary), rows, vocabulary);
            owner.Kernels.Multiply(owner.Folded.RowRange(first, rows), owner.Weights.Unembed.Forward, product, accumulate: false);
            owner.Kernels.Pack(product, packed, firstRow: first);
            if (transposed is not null)
            {
                owner.Kernels.PackTransposed(product, transposed, firstColumn: first);
            }
        }
    }
}
