using Curie.Sampling.Chains;

namespace Curie.Sampling.Validation;

/// <summary>What a case measured.</summary>
/// <param name="Name">The case, with its settings.</param>
/// <param name="Options">How it was sampled.</param>
/// <param name="Quantities">The numbers compared; a matrix row by row.</param>
/// <param name="Columns">The columns of the matrix that the quantities are; 1 for a single number.</param>
/// <param name="Multiplicity">The multiplicity of the learning coefficient; null where it has none.</param>
/// <param name="Failures">Chains that were stopped.</param>
public sealed record ValidationResult(
    string Name,
    SamplingOptions Options,
    IReadOnlyList<ValidationQuantity> Quantities,
    int Columns,
    int? Multiplicity,
    IReadOnlyList<ChainFailure> Failures
)
{
    /// <summary>Whether every quantity is within its tolerance, and no chain was stopped.</summary>
    public bool Passed => Failures.Count == 0 && Quantities.All(quantity => quantity.Passed);
}
