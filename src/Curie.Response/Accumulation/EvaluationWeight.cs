namespace Curie.Response.Accumulation;

/// <summary>
/// How the losses at one weight vector enter a draw. A draw of a pair of chains is a sum over the vectors that are evaluated for it; with
/// e_i = ℓ_i − ℓ_i(w*)
/// − <paramref name="Rise"/> at a vector, the draw's change of the shift is Σ <paramref name="Shift"/>·e_i, its contribution to the
/// covariance
/// Σ <paramref name="Covariance"/>·e_i, and its φ Σ <paramref name="Phi"/>.
/// </summary>
/// <param name="Rise">P(w) − L0 at the vector, nats.</param>
/// <param name="Phi">What it adds to φ, nats: a share of that of a chain, 0 for its shadow.</param>
/// <param name="Shift">The weight in e: 1/m for each of m chains, 0 for their shadows.</param>
/// <param name="Covariance">The weight in the covariance: see the factories.</param>
public readonly record struct EvaluationWeight(double Rise, double Phi, double Shift, double Covariance)
{
    /// <summary>A chain whose covariance is the product of fluctuations: −φ·e_i/m.</summary>
    /// <param name="rise">P(w) − L0, nats.</param>
    /// <param name="chains">m, the chains that are averaged.</param>
    /// <param name="phi">φ, nats; null where it is the rise.</param>
    public static EvaluationWeight OfProduct(double rise, int chains, double? phi = null) =>
        new(rise, (phi ?? rise) / chains, 1.0 / chains, -(phi ?? rise) / chains);

    /// <summary>
    /// A chain whose shadow is evaluated beside it: with [e_i(w⁺) − e_i(w)]/s, d⟨e_i⟩/ds at s = 0 of a perturbation s·φ, the covariance
    /// part of χ_i.
    /// </summary>
    /// <param name="rise">P(w) − L0, nats.</param>
    /// <param name="strength">s, over σ² where the noise is scaled by σ.</param>
    /// <param name="chains">m, the chains that are averaged.</param>
    /// <param name="phi">φ, nats; null where it is the rise.</param>
    public static EvaluationWeight OfChain(double rise, double strength, int chains, double? phi = null) =>
        new(rise, (phi ?? rise) / chains, 1.0 / chains, -1 / (strength * chains));

    /// <summary>The shadow of such a chain.</summary>
    /// <param name="rise">P(w⁺) − L0, nats.</param>
    /// <param name="strength">s, over σ² where the noise is scaled by σ.</param>
    /// <param name="chains">m.</param>
    public static EvaluationWeight OfShadow(double rise, double strength, int chains) => new(rise, 0, 0, 1 / (strength * chains));

    /// <summary>A chain in a mean of e_i and φ alone, or with the other sign in a difference of two.</summary>
    /// <param name="rise">P(w) − L0, nats.</param>
    /// <param name="share">Its share: 1/m, or −1/m.</param>
    /// <param name="phi">φ, nats; null where it is the rise.</param>
    public static EvaluationWeight OfMean(double rise, double share, double? phi = null) => new(rise, (phi ?? rise) * share, share, 0);
}
