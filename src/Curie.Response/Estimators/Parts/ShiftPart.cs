namespace Curie.Response.Estimators.Parts;

/// <summary>R_i = E_C[ℓ_i − P], the excess with the loss at w*.</summary>
internal sealed class ShiftPart : ResponsePart
{
    /// <inheritdoc/>
    public override string Name => "shift";

    /// <inheritdoc/>
    public override string Abbreviation => "R";

    /// <inheritdoc/>
    public override string Title => "Shift";

    /// <inheritdoc/>
    public override string Unit => "nats";

    /// <inheritdoc/>
    public override string Meaning => "R = E_C[loss of the token - P], nats";

    /// <inheritdoc/>
    public override string Explanation => "The token’s mean loss above the mean of all tokens while the component moves.";

    /// <inheritdoc/>
    public override bool IncludesBaseline => true;

    /// <inheritdoc/>
    public override PartWeights Weights(double phi, double kappa) => new(0, 1, 0);
}
