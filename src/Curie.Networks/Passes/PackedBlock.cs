using Curie.Networks.Architecture;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Passes;

/// <summary>The weight matrices of one block, packed, with the heads side by side. A = heads·e, G = groups·e.</summary>
internal sealed class PackedBlock : IDisposable
{
    public PackedBlock(TransformerConfig config, Kernels kernels)
    {
        (int d, int attention) = (config.ModelWidth, config.AttentionWidth);
        QueryKey = new PackedPair(kernels, d, attention + config.KeyWidth);
        Value = new PackedPair(kernels, d, config.KeyWidth);
        Output = new PackedPair(kernels, attention, d);
        if (!config.AttentionOnly)
        {
            MlpIn = new PackedPair(kernels, d, config.MlpWidth);
            MlpGate = config.GatedMlp ? new PackedPair(kernels, d, config.MlpWidth) : null;
            MlpOut = new PackedPair(kernels, config.MlpWidth, d);
        }
    }

    /// <summary>[W_Q | W_K], d × (A + G).</summary>
    public PackedPair QueryKey { get; }

    /// <summary>W_V, d × G.</summary>
    public PackedPair Value { get; }

    /// <summary>W_O, A × d.</summary>
    public PackedPair Output { get; }

    /// <summary>W_in, d × d_mlp.</summary>
    public PackedPair? MlpIn { get; }

    /// <summary>W_gate, d × d_mlp.</summary>
    public PackedPair? MlpGate { get; }

    /// <summary>W_out, d_mlp × d.</summary>
    public PackedPair? MlpOut { get; }

    public void Dispose()
    {
        QueryKey.Dispose();
        Value.Dispose();
        Output.Dispose();
        MlpIn?.Dispose();
        MlpGate?.Dispose();
        MlpOut?.Dispose();
    }
}
