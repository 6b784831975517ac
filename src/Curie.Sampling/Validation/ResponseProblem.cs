using Curie.Sampling.Surfaces;

namespace Curie.Sampling.Validation;

/// <summary>A loss, an observable and data whose response to each other is known.</summary>
/// <param name="Loss">The loss of one copy, without noise.</param>
/// <param name="Observable">P of one copy.</param>
/// <param name="Data">e of one copy.</param>
/// <param name="Truth">What is known of one copy.</param>
/// <param name="Copies">The copies that a chain carries.</param>
internal sealed record ResponseProblem(ILossSurface Loss, ILossSurface Observable, ILossSurface Data, IResponseTruth Truth, int Copies)
{
    /// <summary>The variance of noise on each element of the loss's gradient.</summary>
    public double GradientNoise { get; init; }

    /// <summary>The variance of noise on each element of the observable's gradient, as of one that is estimated from a few rows.</summary>
    public double ObservableNoise { get; init; }
}
