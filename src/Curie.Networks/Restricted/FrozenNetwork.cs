using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Restricted;

/// <summary>
/// The network at w*: its parameters, packed weights and working memory, shared by all groups of components and never written to.
/// </summary>
public sealed class FrozenNetwork : IDisposable
{
    /// <summary>Packs the weights.</summary>
    /// <param name="origin">w*, which must not change while this lives; it stays the caller's.</param>
    /// <param name="evaluator">Lends arithmetic, threads and working memory; it stays the caller's.</param>
    public FrozenNetwork(ParameterSet origin, TransformerEvaluator evaluator)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(evaluator);
        Evaluator = evaluator;
        Weights = new TransformerWeights(origin, evaluator.Machine);
    }

    /// <summary>w*.</summary>
    public ParameterSet Origin => Weights.Parameters;

    /// <summary>The layout of the parameters.</summary>
    public ParameterLayout Layout => Origin.Layout;

    /// <summary>Losses and gradients of whole rows.</summary>
    public TransformerEvaluator Evaluator { get; }

    /// <summary>The packed weights at w*.</summary>
    public TransformerWeights Weights { get; }

    internal Kernels Kernels => Evaluator.Machine.Kernels;

    internal WorkerPool Pool => Evaluator.Machine.Pool;

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();
}
