namespace Curie.Response.Estimators.Parts;

/// <summary>χ = covariance + renormalisation.</summary>
internal sealed class SusceptibilityPart : ResponsePart
{
    /// <inheritdoc/>
    public override string Name => "chi";

    /// <inheritdoc/>
    public override string Symbol => "χ";

    /// <inheritdoc/>
    public override string Abbreviation => Symbol;

    /// <inheritdoc/>
    public override string Title => "Susceptibility";

    /// <inheritdoc/>
    public override string Unit => "nats²";

    /// <inheritdoc/>
    public override string Meaning => "two-run susceptibility, nats squared; covariance + renormalization";

    /// <inheritdoc/>
    public override string Explanation =>
        "The whole response, covariance + renormalisation. Negative: the component expresses the text; " + "positive: it suppresses it.";

    /// <inheritdoc/>
    public override PartWeights Weights(double phi, double kappa) => new(1, kappa * phi, phi);
}
