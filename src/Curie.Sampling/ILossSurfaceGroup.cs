namespace Curie.Sampling;

/// <summary>
/// Loss surfaces that are cheaper together: components of one network on the same minibatch share everything that none of them changes.
/// </summary>
public interface ILossSurfaceGroup
{
    /// <summary>The surfaces, in order.</summary>
    IReadOnlyList<ILossSurface> Surfaces { get; }

    /// <summary>
    /// L_m(w) and ∇L_m(w) on the minibatch of (chain, step) for several surfaces: the bits of each surface's own
    /// <see cref="ILossSurface.Gradient"/>, whichever others are asked for beside it.
    /// </summary>
    /// <param name="chain">The chain, from 0.</param>
    /// <param name="step">The number of updates the chain has made.</param>
    /// <param name="points">The surfaces and their weights; several of one surface stand side by side.</param>
    /// <param name="losses">Receives L_m(w) of every point; may be NaN or infinite where the loss is.</param>
    void Gradients(int chain, long step, ReadOnlySpan<SurfacePoint> points, Span<double> losses);
}
