namespace Curie.Sampling.Coupling;

/// <summary>A loss surface that also has an observable P, by which companions of a chain are perturbed.</summary>
public interface IObservableSurface : ILossSurface
{
    /// <summary>
    /// An unbiased estimate of ∇P(w), the same for the same (chain, step, w): P itself, or its mean over rows that chain and step choose.
    /// </summary>
    /// <param name="chain">The first chain of the pair, from 0.</param>
    /// <param name="step">The number of updates the chain has made.</param>
    /// <param name="w">The restricted weights.</param>
    /// <param name="gradient">Receives ∇P(w).</param>
    void ObservableGradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient);
}
