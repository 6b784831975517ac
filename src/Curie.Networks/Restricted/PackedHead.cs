using Curie.Networks.Architecture;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>One head's weights in the form that its passes read.</summary>
internal sealed class PackedHead : IDisposable
{
    private readonly AlignedBuffer<float> _biases;
    private readonly int _width;

    public PackedHead(TransformerConfig config, Kernels kernels)
    {
        (int d, int e) = (config.ModelWidth, config.HeadWidth);
        _width = config.AttentionBiases ? e : 0;
        _biases = new AlignedBuffer<float>(3L * _width);
        Query = kernels.CreatePacked(d, e);
        Key = kernels.CreatePacked(d, e);
        Value = kernels.CreatePacked(d, e);
        Output = kernels.CreatePacked(e, d);
        OutputTransposed = kernels.CreatePacked(d, e);
    }

    /// <summary>W_Q, d × e.</summary>
    public PackedMatrix Query { get; }

    /// <summary>W_K, d × e.</summary>
    public PackedMatrix Key { get; }

    /// <summary>W_V, d × e.</summary>
    public PackedMatrix Value { get; }

    /// <summary>W_O, e × d.</summary>
    public PackedMatrix Output { get; }

    /// <summary>W_Oᵀ, d × e.</summary>
    public PackedMatrix OutputTransposed { get; }

    /// <summary>b_Q.</summary>
    public ReadOnlySpan<float> QueryBias => _biases.Slice(0, _width);

    /// <summary>b_K.</summary>
    public ReadOnlySpan<float> KeyBias => _biases.Slice(_width, _width);

    /// <summary>b_V.</summary>
    public ReadOnlySpan<float> ValueBias => _biases.Slice(2 * _width, _width);

    /// <summary>Takes a weight vector.</summary>
    public void Pack(Kernels kernels, HeadVector w)
    {
        kernels.Pack(w.Query, Query);
        kernels.Pack(w.Key, Key);
        kernels.Pack(w.Value, Value);
        kernels.Pack(w.Output, Output);
        kernels.PackTransposed(w.Output, OutputTransposed);
        w.QueryBias.CopyTo(_biases.Slice(0, _width));
        w.KeyBias.CopyTo(_biases.Slice(_width, _width));
        w.ValueBias.CopyTo(_biases.Slice(2 * _width, _width));
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
