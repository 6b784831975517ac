namespace Curie.Response.Estimators.Parts;

/// <summary>S_i, the shift less its value at w*.</summary>
internal sealed class ExcessPart : ResponsePart
{
    /// <inheritdoc/>
    public override string Name => "excess";

    /// <inheritdoc/>
    public override string Unit => "nats";

    /// <inheritdoc/>
    public override string Meaning => "S = shift less its value at w*, nats";

    /// <inheritdoc/>
    public override PartWeights Weights(double phi, double kappa) => new(0, 1, 0);
}
