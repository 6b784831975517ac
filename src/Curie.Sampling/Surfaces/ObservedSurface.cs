using Curie.Sampling.Coupling;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// A loss with an observable P that is the loss of another surface in the same weights, so that chains on it can have shadows perturbed by
/// P.
/// </summary>
public sealed class ObservedSurface : IObservableSurface
{
    private readonly ILossSurface _loss;
    private readonly ILossSurface _observable;

    /// <summary>Puts the two together.</summary>
    /// <param name="loss">The loss that is sampled.</param>
    /// <param name="observable">P. One with noise (<see cref="MinibatchNoise"/>) gives unbiased estimates of ∇P.</param>
    /// <exception cref="ArgumentException">They do not have the same number of weights.</exception>
    public ObservedSurface(ILossSurface loss, ILossSurface observable)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(observable);
        if (loss.Dimension != observable.Dimension)
        {
            throw new ArgumentException(
                $"The observable has {observable.Dimension} weights and the loss {loss.Dimension}.",
                nameof(observable)
            );
        }

        _loss = loss;
        _observable = observable;
    }

    /// <inheritdoc/>
    public int Dimension => _loss.Dimension;

    /// <inheritdoc/>
    public bool UsesMinibatches => _loss.UsesMinibatches;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w) => _loss.CopyOrigin(w);

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient) => _loss.Gradient(chain, step, w, gradient);

    /// <inheritdoc/>
    public void ObservableGradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient) =>
        _observable.Gradient(chain, step, w, gradient);
}
