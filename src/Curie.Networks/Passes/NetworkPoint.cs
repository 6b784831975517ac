using Curie.Networks.Architecture;

namespace Curie.Networks.Passes;

/// <summary>A point of the residual stream: what enters a block, or what stands between a block's attention and its MLP.</summary>
/// <param name="Layer">The block; the number of blocks for what enters the final norm.</param>
/// <param name="AfterAttention">
/// Whether the block's attention has been added. Without an MLP, or with one beside the attention, that is what enters the next block.
/// </param>
public readonly record struct NetworkPoint(int Layer, bool AfterAttention = false)
{
    /// <summary>The point in a network: the next block's input where nothing stands between a block's attention and that.</summary>
    internal NetworkPoint In(TransformerConfig config) =>
        AfterAttention && (config.AttentionOnly || config.Parallel) ? new NetworkPoint(Layer + 1) : this;
}
