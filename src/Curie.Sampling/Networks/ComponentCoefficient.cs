using System.Globalization;
using Curie.Networks.Components;
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

    /// <summary>What is known of a component where the loss of the checkpoint is no number: that no chain could start.</summary>
    /// <param name="component">The component.</param>
    /// <param name="options">How it was to be sampled.</param>
    /// <param name="loss">L0.</param>
    public static ComponentCoefficient OfDiverged(Component component, SamplingOptions options, double loss)
    {
        ArgumentNullException.ThrowIfNull(component);
        ArgumentNullException.ThrowIfNull(options);
        string reason = $"the loss at the checkpoint is {loss.ToString(CultureInfo.InvariantCulture)}";
        ChainFailure[] failures =
        [
            .. Enumerable.Range(0, options.Chains).Select(chain => new ChainFailure(component.Name, chain, Draw: 0, Updates: 0, reason)),
        ];
        ComponentReport report = new(component.Name, component.Restriction.Dimension, options, loss, NullLine: null, [], [], failures);
        ComponentHealth health = new()
        {
            Component = component.Name,
            MeanLoss = [],
            InitLoss = loss,
            NullLine = null,
            Distance = null,
            LocalizationDistance = null,
            RHat = null,
            EffectiveSampleSize = null,
            AutocorrelationTime = null,
            FractionBelowInitLoss = 0,
            GewekeZ = null,
            MalaAcceptance = null,
            Temperature = null,
            GrowthExponent = null,
            Failures = failures,
            Verdicts =
            [
                new Verdict(
                    VerdictKind.CheckpointDiverged,
                    $"{reason}, and nothing can be sampled around it: its training diverged; leave the checkpoint out, or train again."
                ),
            ],
        };
        return new ComponentCoefficient(report, health, Coefficient: null);
    }

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
