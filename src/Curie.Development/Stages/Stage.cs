namespace Curie.Development.Stages;

/// <summary>One stage of development.</summary>
/// <param name="Number">From 1.</param>
/// <param name="FromStep">The updates made at its beginning.</param>
/// <param name="ToStep">The updates made at its end.</param>
/// <param name="Coefficient">The change of λ̂ between the two.</param>
/// <param name="Loss">The change of the loss, nats; null where no loss is known.</param>
public sealed record Stage(int Number, double FromStep, double ToStep, Change Coefficient, Change? Loss)
{
    /// <summary>
    /// A where the loss falls and λ̂ rises, B where both fall (Hoogland et al. 2024), null where the loss rises or is not known.
    /// </summary>
    public string? Type =>
        Loss is not { Value: < 0 } ? null
        : Coefficient.Value > 0 ? "A"
        : "B";

    /// <summary>
    /// Whether λ̂ changes by no more than two standard errors: the boundaries beside such a stage may be noise, whatever their support.
    /// </summary>
    public bool IsWithinError => Math.Abs(Coefficient.Value) <= 2 * Coefficient.StandardError;

    /// <summary>
    /// The posterior probability of the type, taking the two changes' errors as independent; null where there is no type.
    /// </summary>
    public double? TypeProbability =>
        Type is null
            ? null
            : (1 - Loss!.ProbabilityOfRise) * (Type == "A" ? Coefficient.ProbabilityOfRise : 1 - Coefficient.ProbabilityOfRise);
}
