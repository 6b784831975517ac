using Curie.Numerics.Statistics;
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

    /// <summary>The coefficient that the healthy chains of a component give.</summary>
    /// <param name="report">Its chains.</param>
    /// <param name="initial">The loss of every row, or sequence, at w*.</param>
    /// <param name="means">The mean over the draws of some chains of every one's loss.</param>
    internal static ComponentCoefficient Estimate(ComponentReport report, double[] initial, Func<IReadOnlyList<int>, double[]> means)
    {
        IReadOnlyList<int> healthy = report.HealthyChains;
        LearningCoefficient? coefficient =
            healthy.Count == 0 ? null : LearningCoefficient.Estimate(report, [.. means(healthy).Zip(initial, (mean, init) => mean - init)]);
        return new ComponentCoefficient(report, ComponentHealth.Of(report), coefficient)
        {
            InitLossError = initial.Length < 2 ? null : MeanEstimate.OfIndependent(initial).StandardError,
        };
    }
}
