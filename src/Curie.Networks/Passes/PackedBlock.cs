using Curie.Networks.Architecture;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Passes;

/// <summary>The weight matrices of one block, packed, with the heads side by side. A = heads·e.</summary>
internal sealed class PackedBlock : IDisposable
{
    public PackedBlock(TransformerConfig config, Kernels kernels)
    {
        (int d, int attention) = (config.ModelWidth, config.AttentionWidth);
        QueryKey = new PackedPair(kernels, d, 2 * attention);
        Value = new PackedPair(kernels, d, attention);
        Output = new PackedPair(kernels, attention, d);
        if (!config.AttentionOnly)
        {
            MlpIn = new PackedPair(kernels, d, config.MlpWidth);
            MlpOut = new PackedPair(kernels, config.MlpWidth, d);
        }
    }

    /// <summary>[W_Q | W_K], d × 2A.</summary>
    public PackedPair QueryKey { get; }

    /// <summary>W_V, d × A.</summary>
    public PackedPair Value { get; }

    /// <summary>W_O, A × d.</summary>
    public PackedPair Output { get; }

    /// <summary>W_in, d × d_mlp.</summary>
    public PackedPair? MlpIn { get; }

    /// <summary>W_out, d_mlp × d.</summary>
    public PackedPair? MlpOut { get; }

    public void Dispose()
    {
        QueryKey.Dispose();
        Value.Dispose();
        Output.Dispose();
        MlpIn?.Dispose();
        MlpOut?.Dispose();
    }
}
