namespace Curie.Response.Estimators.Parts;

/// <summary>−Cov_C(φ, ℓ_i − P) = C̄ + κ·φ̄·D̄.</summary>
internal sealed class CovariancePart : ResponsePart
{
    /// <inheritdoc/>
    public override string Name => "covariance";

    /// <inheritdoc/>
    public override string Abbreviation => "cov";

    /// <inheritdoc/>
    public override string Title => "Covariance";

    /// <inheritdoc/>
    public override string Unit => "nats²";

    /// <inheritdoc/>
    public override string Meaning => "-Cov_C(phi, loss of the token - P), nats squared";

    /// <inheritdoc/>
    public override string Explanation =>
        "What the component does by itself: minus the covariance of its excess loss with the token’s loss.";

    /// <inheritdoc/>
    public override PartWeights Weights(double phi, double kappa) => new(1, kappa * phi, 0);
}
