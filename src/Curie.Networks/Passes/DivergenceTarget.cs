using Curie.Networks.Parameters;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Passes;

/// <summary>
/// A frozen model whose next-token distribution q takes the place of the next token: the loss of a position becomes KL(q‖p) or KL(p‖q),
/// nats, of the
/// evaluated model's distribution p there. With a trained one-layer model this is what the multigram coefficient of Wang et al. (arXiv
/// 2410.02984)
/// is made of, who do not say which direction they take.
/// </summary>
public sealed class DivergenceTarget : IDisposable
{
    /// <summary>Packs the frozen model's weights.</summary>
    /// <param name="model">The frozen model, which must not change while this lives; it stays the caller's.</param>
    /// <param name="direction">Which divergence.</param>
    /// <param name="machine">The arithmetic, which is the evaluator's too, and the threads that pack.</param>
    public DivergenceTarget(ParameterSet model, DivergenceDirection direction, Machine machine)
    {
        Weights = new TransformerWeights(model, machine);
        Kernels = machine.Kernels;
        Direction = direction;
    }

    /// <summary>Which divergence.</summary>
    public DivergenceDirection Direction { get; }

    internal TransformerWeights Weights { get; }

    internal Kernels Kernels { get; }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();
}
