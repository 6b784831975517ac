using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Passes;

/// <summary>
/// A network in one worker's memory: what enters the blocks, the blocks, and what reads them out, forward and backward, for some rows of a
/// batch at a time.
/// </summary>
internal interface IBatchPass : IDisposable
{
    /// <summary>How many rows go through together. Part of what defines a result's bits.</summary>
    int Together { get; }

    /// <summary>Blocks and final norm.</summary>
    BlockStack Stack { get; }

    /// <summary>Takes some rows of a batch.</summary>
    /// <exception cref="ArgumentException">The batch is of another kind, or its rows of another size, than the network reads.</exception>
    void Begin(IBatch batch, int first, int count);

    /// <summary>Computes the residual stream from a point on, of which it is set unless it is the first.</summary>
    void Forward(TransformerWeights weights, NetworkPoint from);

    /// <summary>The losses of all predictions, row by row; call after the forward pass.</summary>
    void Losses(TransformerWeights weights, Span<double> losses);

    /// <summary>The losses, and the gradients of their sum added up; call after the forward pass.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="plan">Which gradients.</param>
    /// <param name="scale">What each loss counts in the sum.</param>
    /// <param name="losses">Receives the losses.</param>
    /// <param name="gradient">Receives the gradients; null if the plan asks for none.</param>
    void Backward(TransformerWeights weights, GradientPlan plan, LossScale scale, Span<double> losses, ParameterSet? gradient);
}
