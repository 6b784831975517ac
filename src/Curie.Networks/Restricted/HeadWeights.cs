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
        QueryKey = kernels.CreatePacked(d, 2 * e);
        Value = kernels.CreatePacked(d, e);
        Output = kernels.CreatePacked(e, d);
        Mixing = kernels.CreatePacked(e, config.Vocabulary);
    }

    /// <summary>[W_Q | W_K], d × 2e.</summary>
    public PackedMatrix QueryKey { get; }

    /// <summary>W_V, d × e.</summary>
    public PackedMatrix Value { get; }

    /// <summary>W_O, e × d.</summary>
    public PackedMatrix Output { get; }

    /// <summary>M = W_O·C·diag(γ)·W_U, e × V.</summary>
    public PackedMatrix Mixing { get; }

    /// <summary>[b_Q | b_K].</summary>
    public ReadOnlySpan<float> QueryKeyBias => _biases.Slice(0, 2 * _width);

    /// <summary>b_V.</summary>
    public ReadOnlySpan<float> ValueBias => _biases.Slice(2 * _width, _width);

    /// <summary>Copies everything but M.</summary>
    public void Pack(Kernels kernels, ParameterSet parameters, BlockTensors block, int head)
    {
        kernels.Pack(parameters.Slice(block.Query, head), QueryKey);
        kernels.Pack(parameters.Slice(block.Key, head), QueryKey, firstColumn: _width);
        kernels.Pack(parameters.Slice(block.Value, head), Value);
        kernels.Pack(parameters.Slice(block.Output, head), Output);
        parameters.Row(block.QueryBias, head).CopyTo(_biases.Slice(0, _width));
        parameters.Row(block.KeyBias, head).CopyTo(_biases.Slice(_width, _width));
        parameters.Row(block.ValueBias, head).CopyTo(_biases.Slice(2 * _width, _width));
    }

    public void Dispose()
    {
        QueryKey.Dispose();
        Value.Dispose();
        Output.Dispose();
        Mixing.Dispose();
        _biases.Dispose();
    }
}
