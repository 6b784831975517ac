using Curie.Networks.Architecture;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// The weights of a key-value head and of the h query heads that read it, side by side, in the form that their passes read. u = h·e.
/// </summary>
internal sealed class PackedHead : IDisposable
{
    private readonly AlignedBuffer<float> _biases;
    private readonly int _heads;
    private readonly int _headWidth;
    private readonly int _queryBiases;
    private readonly int _keyBiases;

    public PackedHead(TransformerConfig config, Kernels kernels)
    {
        (int d, int e, int u) = (config.ModelWidth, config.HeadWidth, config.GroupWidth);
        _heads = config.HeadsPerGroup;
        _headWidth = e;
        (_queryBiases, _keyBiases) = config.AttentionBiases ? (u, e) : (0, 0);
        _biases = new AlignedBuffer<float>(_queryBiases + (2L * _keyBiases));
        Query = kernels.CreatePacked(d, u);
        Key = kernels.CreatePacked(d, e);
        Value = kernels.CreatePacked(d, e);
        Output = kernels.CreatePacked(u, d);
        OutputTransposed = kernels.CreatePacked(d, u);
    }

    /// <summary>W_Q, d × u.</summary>
    public PackedMatrix Query { get; }

    /// <summary>W_K, d × e.</summary>
    public PackedMatrix Key { get; }

    /// <summary>W_V, d × e.</summary>
    public PackedMatrix Value { get; }

    /// <summary>W_O, u × d.</summary>
    public PackedMatrix Output { get; }

    /// <summary>W_Oᵀ, d × u.</summary>
    public PackedMatrix OutputTransposed { get; }

    /// <summary>b_Q, u.</summary>
    public Span<float> QueryBias => _biases.Slice(0, _queryBiases);

    /// <summary>b_K, e.</summary>
    public Span<float> KeyBias => _biases.Slice(_queryBiases, _keyBiases);

    /// <summary>b_V, e.</summary>
    public Span<float> ValueBias => _biases.Slice(_queryBiases + _keyBiases, _keyBiases);

    /// <summary>Takes a weight vector.</summary>
    public void Pack(Kernels kernels, HeadVector w)
    {
        for (int head = 0; head < _heads; head++)
        {
            kernels.Pack(w.Query(head), Query, firstColumn: head * _headWidth);
        }

        kernels.Pack(w.Key, Key);
        kernels.Pack(w.Value, Value);
        kernels.Pack(w.Output, Output);
        kernels.PackTransposed(w.Output, OutputTransposed);
        w.QueryBias.CopyTo(QueryBias);
        w.KeyBias.CopyTo(KeyBias);
        w.ValueBias.CopyTo(ValueBias);
    }

    public void Dispose()
    {
        Query.Dispose();
        Key.Dispose();
        Value.Dispose();
        Output.Dispose();
        OutputTransposed.Dispose();
        _biases.Dispose();
    }
}
