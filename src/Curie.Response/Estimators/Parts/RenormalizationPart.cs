namespace Curie.Response.Estimators.Parts;

/// <summary>E_C[φ]·(F_i − R_i).</summary>
internal sealed class RenormalizationPart : ResponsePart
{
    /// <inheritdoc/>
    public override string Name => "renormalization";

    /// <inheritdoc/>
    public override string Abbreviation => "ren";

    /// <inheritdoc/>
    public override string Title => "Renormalisation";

    /// <inheritdoc/>
    public override string Unit => "nats²";

    /// <inheritdoc/>
    public override string Meaning => "E_C[phi] * (full_shift - shift), nats squared";

    /// <inheritdoc/>
    public override string Explanation =>
        "The component’s mean excess loss times (full shift − its own shift): nearly the same pattern " + "for every component.";

    /// <inheritdoc/>
    public override PartWeights Weights(double phi, double kappa) => new(0, 0, phi);
}
