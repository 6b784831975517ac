using Curie.Networks.Architecture;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Passes;

/// <summary>The weight matrices of one block, packed, with the heads side by side. A = heads·e, G = groups·e.</summary>
internal sealed class PackedBlock : IDisposable
{
    public PackedBlock(TransformerConfig config, Kernels kernels)
    {
        (int d, int attention) = (config.ModelWidth, config.AttentionWidth);
        ValueColumn = config.JointProjection ? attention + config.KeyWidth : 0;
        QueryKey = new PackedPair(kernels, d, attention + ((config.JointProjection ? 2 : 1) * config.KeyWidth));
        Value = config.JointProjection ? QueryKey : new PackedPair(kernels, d, config.KeyWidth);
        Output = new PackedPair(kernels, attention, d);
        if (!config.AttentionOnly)
        {
            MlpIn = new PackedPair(kernels, d, config.MlpWidth);
            MlpGate = config.GatedMlp ? new PackedPair(kernels, d, config.MlpWidth) : null;
            MlpOut = new PackedPair(kernels, config.MlpWidth, d);
        }
    }

    /// <summary>[W_Q | W_K], d × (A + G), or [W_Q | W_K | W_V] where they are one product.</summary>
    public PackedPair QueryKey { get; }

    /// <summary>What holds W_V, d × G.</summary>
    public PackedPair Value { get; }

    /// <summary>The column of W_V's first.</summary>
    public int ValueColumn { get; }

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
