namespace Curie.Sampling;

/// <summary>
/// A loss as a sampler sees it: a number of restricted weights, where they start, and the gradient on a minibatch. A surface knows
/// nothing about samplers; analytic potentials, small networks and the language model all stand behind this interface.
/// </summary>
public interface ILossSurface
{
    /// <summary>d: the number of weights that move. Everything else is frozen at w*.</summary>
    int Dimension { get; }

    /// <summary>
    /// Whether losses and gradients are those of minibatches, as they are unless a surface says otherwise. Without, they are exact and
    /// depend on w
    /// alone: a Metropolis test is possible.
    /// </summary>
    bool UsesMinibatches => true;

    /// <summary>Writes w*, the restricted weights of the checkpoint. <paramref name="w"/> has <see cref="Dimension"/> elements.</summary>
    void CopyOrigin(Span<float> w);

    /// <summary>
    /// L_m(w), the mean loss on the minibatch of (chain, step), and ∇L_m(w). The same (chain, step, w) gives the same bits, whichever
    /// calls came before: that is what lets a run resume. Surfaces without minibatches ignore chain and step.
    /// </summary>
    /// <param name="chain">The chain, from 0.</param>
    /// <param name="step">The number of updates the chain has made.</param>
    /// <param name="w">The restricted weights, <see cref="Dimension"/> elements.</param>
    /// <param name="gradient">Receives ∇L_m(w), <see cref="Dimension"/> elements; what was there is overwritten.</param>
    /// <returns>L_m(w) in nats per token, or the surface's own unit; may be NaN or infinite where the loss is.</returns>
    double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient);
}
