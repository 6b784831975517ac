namespace Curie.Response.Accumulation;

/// <summary>
/// How the losses at one weight vector enter a draw. A draw of a pair of chains is a sum over the vectors that are evaluated for it; with e_i = ℓ_i − ℓ_i(w*)
/// − <paramref name="Rise"/> at a vector, the draw's change of the shift is Σ <paramref name="Shift"/>·e_i and its contribution to the covariance
/// Σ <paramref name="Covariance"/>·e_i.
/// </summary>
/// <param name="Rise">P(w) − L0 at the vector, nats.</param>
/// <param name="Shift">The weight in e: 1/m for each of m chains, 0 for their shadows.</param>
/// <param name="Covariance">The weight in the covariance: see the factories.</param>
public readonly record struct EvaluationWeight(double Rise, double Shift, double Covariance)
{
    /// <summary>A chain whose covariance is the product of fluctuations: −φ·e_i/m.</summary>
    /// <param name="rise">P(w) − L0, nats.</param>
    /// <param name="phi">φ of the vector, nats; P(w) − L0 unless another observable was chosen.</param>
    /// <param name="chains">m, the chains that are averaged.</param>
    public static EvaluationWeight OfProduct(double rise, double phi, int chains) => new(rise, 1.0 / chains, -phi / chains);

    /// <summary>
    /// A chain whose shadow is evaluated beside it: with σ²·[e_i(w⁺) − e_i(w)]/s, d⟨e_i⟩/ds at s = 0 of a perturbation s·φ, the covariance part of χ_i.
    /// </summary>
    /// <param name="rise">P(w) − L0, nats.</param>
    /// <param name="strength">s/σ², the strength of the shadow's perturbation.</param>
    /// <param name="chains">m, the chains that are averaged.</param>
    public static EvaluationWeight OfChain(double rise, double strength, int chains) => new(rise, 1.0 / chains, -1 / (strength * chains));

    /// <summary>The shadow of such a chain.</summary>
    /// <param name="rise">P(w⁺) − L0, nats.</param>
    /// <param name="strength">s/σ².</param>
    /// <param name="chains">m.</param>
    public static EvaluationWeight OfShadow(double rise, double strength, int chains) => new(rise, 0, 1 / (strength * chains));
}
