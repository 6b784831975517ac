namespace Curie.Networks.Passes;

/// <summary>A point of the residual stream: what enters a block, or what stands between a block's attention and its MLP.</summary>
/// <param name="Layer">The block; the number of blocks for what enters the final layer norm.</param>
/// <param name="AfterAttention">Whether the block's attention has been added. Without an MLP that is what enters the next block.</param>
public readonly record struct NetworkPoint(int Layer, bool AfterAttention = false);
