using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;

namespace Curie.Sampling.Networks;

/// <summary>The learning coefficient of one component and what is needed to judge it.</summary>
/// <param name="Report">Traces and failures.</param>
/// <param name="Health">Diagnostics and verdicts.</param>
/// <param name="Coefficient">λ̂ from the healthy chains; null if every chain was stopped.</param>
public sealed record ComponentCoefficient(ComponentReport Report, ComponentHealth Health, LearningCoefficient? Coefficient)
{
    /// <summary>The standard error of L0 over the rows that gave it; null for a single row, or where it was not measured.</summary>
    public double? InitLossError { get; init; }
}
