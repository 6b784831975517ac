namespace Curie.Response.Estimators.Parts;

/// <summary>S_i, the shift less its value at w*.</summary>
internal sealed class ExcessPart : ResponsePart
{
    /// <inheritdoc/>
    public override string Name => "excess";

    /// <inheritdoc/>
    public override string Abbreviation => "S";

    /// <inheritdoc/>
    public override string Title => "Excess";

    /// <inheritdoc/>
    public override string Unit => "nats";

    /// <inheritdoc/>
    public override string Meaning => "S = shift less its value at w*, nats";

    /// <inheritdoc/>
    public override string Explanation =>
        "The shift less its value at the checkpoint: how much more than the mean loss the token’s loss "
        + "rises when the component moves.";

    /// <inheritdoc/>
    public override PartWeights Weights(double phi, double kappa) => new(0, 1, 0);
}
