using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>One head's weights, packed, and M, through which its mixed values reach the logits.</summary>
internal sealed class HeadWeights : IDisposable
{
    private readonly AlignedBuffer<float> _biases;
    private readonly int _width;

    public HeadWeights(TransformerConfig config, Kernels kernels)
    {
        (int d, int e) = (config.ModelWidth, config.HeadWidth);
        _width = e;
        _biases = new AlignedBuffer<float>(3L * e);
        Query = kernels.CreatePacked(d, e);
        Key = kernels.CreatePacked(d, e);
        Value = kernels.CreatePacked(d, e);
        Output = kernels.CreatePacked(e, d);
        Mixing = kernels.CreatePacked(e, config.Vocabulary);
    }

    /// <summary>W_Q, d × e.</summary>
    public PackedMatrix Query { get; }

    /// <summary>W_K, d × e.</summary>
    public PackedMatrix Key { get; }

    /// <summary>W_V, d × e.</summary>
    public PackedMatrix Value { get; }

    /// <summary>W_O, e × d.</summary>
    public PackedMatrix Output { get; }

    /// <summary>M = W_O·C·diag(γ)·W_U, e × V.</summary>
    public PackedMatrix Mixing { get; }

    /// <summary>b_Q.</summary>
    public ReadOnlySpan<float> QueryBias => _biases.Slice(0, _width);

    /// <summary>b_K.</summary>
    public ReadOnlySpan<float> KeyBias => _biases.Slice(_width, _width);

    /// <summary>b_V.</summary>
    public ReadOnlySpan<float> ValueBias => _biases.Slice(2 * _width, _width);

    /// <summary>Copies everything but M.</summary>
    public void Pack(Kernels kernels, ParameterSet parameters, BlockTensors block, int head)
    {
        kernels.Pack(parameters.Slice(block.Query, head), Query);
        kernels.Pack(parameters.Slice(block.Key, head), Key);
        kernels.Pack(parameters.Slice(block.Value, head), Value);
        kernels.Pack(parameters.Slice(block.Output, head), Output);
        parameters.Row(block.QueryBias, head).CopyTo(_biases.Slice(0, _width));
        parameters.Row(block.KeyBias, head).CopyTo(_biases.Slice(_width, _width));
        parameters.Row(block.ValueBias, head).CopyTo(_biases.Slice(2 * _width, _width));
    }

    public void Dispose()
    {
        Query.Dispose();
        Key.Dispose();
        Value.Dispose();
        Output.Dispose();
        Mixing.Dispose();
        _biases.Dispose();
    }
}
