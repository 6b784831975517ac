using System.Globalization;
using System.Text;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Networks;

namespace Curie.Development.Coefficients;

/// <summary>Everything that was measured of a component, as files and <c>curie llc --json</c> give it (docs/formats.md).</summary>
public sealed record CoefficientRecord
{
    /// <summary>The health of a component nothing is wrong with.</summary>
    public const string Healthy = "ok";

    /// <summary>The health of a component that has no figure, since every chain was stopped.</summary>
    public const string Stopped = "all-chains-stopped";

    /// <summary>The component.</summary>
    public required string Component { get; init; }

    /// <summary>Its number of weights.</summary>
    public required int Dimension { get; init; }

    /// <summary>λ̂; null if every chain was stopped.</summary>
    public required double? Llc { get; init; }

    /// <summary>Its standard error, over draws and rows; null if unknown.</summary>
    public required double? LlcSe { get; init; }

    /// <summary>The part of draws; null if unknown.</summary>
    public required double? SamplingSe { get; init; }

    /// <summary>The degrees of freedom of that part.</summary>
    public required int? SamplingDegreesOfFreedom { get; init; }

    /// <summary>The part of rows; null if unknown.</summary>
    public required double? RowSe { get; init; }

    /// <summary>The number of chains that were not stopped.</summary>
    public required int HealthyChains { get; init; }

    /// <summary>
    /// <c>ok</c>, <c>all-chains-stopped</c>, <c>checkpoint-diverged</c>, or the verdicts' kinds in lower case with hyphens, such as
    /// <c>chains-stopped;above-null-line</c>.
    /// </summary>
    public required string Health { get; init; }

    /// <summary>E[P], nats; null if every chain was stopped.</summary>
    public required double? MeanLoss { get; init; }

    /// <summary>L0, nats; NaN of a checkpoint that diverged.</summary>
    public required double InitLoss { get; init; }

    /// <summary>Its standard error over rows; null for a single row.</summary>
    public required double? InitLossSe { get; init; }

    /// <summary>The loss of the uniform predictor; null for none.</summary>
    public required double? NullLoss { get; init; }

    /// <summary>As <see cref="ComponentHealth.KnowledgeLost"/>.</summary>
    public required double? KnowledgeLost { get; init; }

    /// <summary>As <see cref="ComponentHealth.RHat"/>.</summary>
    public required double? SplitRHat { get; init; }

    /// <summary>As <see cref="ComponentHealth.EffectiveSampleSize"/>.</summary>
    public required double? EffectiveSampleSize { get; init; }

    /// <summary>As <see cref="ComponentHealth.AutocorrelationTime"/>.</summary>
    public required double? AutocorrelationTime { get; init; }

    /// <summary>As <see cref="ComponentHealth.Distance"/>.</summary>
    public required double? Distance { get; init; }

    /// <summary>As <see cref="ComponentHealth.LocalizationDistance"/>.</summary>
    public required double? LocalizationDistance { get; init; }

    /// <summary>As <see cref="ComponentHealth.GewekeZ"/>.</summary>
    public required double? GewekeZ { get; init; }

    /// <summary>As <see cref="ComponentHealth.MalaAcceptance"/>.</summary>
    public required double? MalaAcceptance { get; init; }

    /// <summary>As <see cref="ComponentHealth.Temperature"/>.</summary>
    public required double? Temperature { get; init; }

    /// <summary>As <see cref="ComponentHealth.GrowthExponent"/>.</summary>
    public required double? GrowthExponent { get; init; }

    /// <summary>The share of draws with P below L0; null if every chain was stopped.</summary>
    public required double? FractionBelowInitLoss { get; init; }

    /// <summary>The chains that were stopped.</summary>
    public required IReadOnlyList<ExcludedChain> Excluded { get; init; }

    /// <summary>What should not be trusted, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>P, nats, by chain and draw; NaN in a stopped chain from its last draw on.</summary>
    public required IReadOnlyList<double[]> TraceLoss { get; init; }

    /// <summary>The figures, the verdicts and the traces.</summary>
    public static CoefficientRecord Of(ComponentCoefficient measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        (ComponentReport report, ComponentHealth health, LearningCoefficient? coefficient) = measured;
        return new CoefficientRecord
        {
            Component = report.Component,
            Dimension = report.Dimension,
            Llc = coefficient?.Value,
            LlcSe = coefficient?.StandardError,
            SamplingSe = coefficient?.SamplingError,
            SamplingDegreesOfFreedom = coefficient?.SamplingDegreesOfFreedom,
            RowSe = coefficient?.RowError,
            HealthyChains = report.HealthyChains.Count,
            Health = HealthOf(measured),
            MeanLoss = health.MeanLoss.Count == 0 ? null : health.MeanLoss.Average(),
            InitLoss = health.InitLoss,
            InitLossSe = measured.InitLossError,
            NullLoss = health.NullLine,
            KnowledgeLost = health.KnowledgeLost,
            SplitRHat = health.RHat,
            EffectiveSampleSize = health.EffectiveSampleSize,
            AutocorrelationTime = health.AutocorrelationTime,
            Distance = health.Distance,
            LocalizationDistance = health.LocalizationDistance,
            GewekeZ = health.GewekeZ,
            MalaAcceptance = health.MalaAcceptance,
            Temperature = health.Temperature,
            GrowthExponent = health.GrowthExponent,
            FractionBelowInitLoss = coefficient is null ? null : health.FractionBelowInitLoss,
            Excluded = [.. report.Failures.Select(failure => new ExcludedChain(failure.Chain, failure.Draw, failure.Reason))],
            Notes = [.. health.Verdicts.Select(verdict => verdict.Sentence)],
            TraceLoss = report.Trace,
        };
    }

    private static string HealthOf(ComponentCoefficient measured) =>
        measured.Health.Verdicts.Any(verdict => verdict.Kind == VerdictKind.CheckpointDiverged) ? Word(VerdictKind.CheckpointDiverged)
        : measured.Coefficient is null ? Stopped
        : measured.Health.Verdicts.Count == 0 ? Healthy
        : string.Join(';', measured.Health.Verdicts.Select(verdict => Word(verdict.Kind)).Distinct());

    private static string Word(VerdictKind kind)
    {
        StringBuilder word = new();
        foreach (char letter in kind.ToString())
        {
            word.Append(char.IsUpper(letter) && word.Length > 0 ? "-" : "").Append(char.ToLower(letter, CultureInfo.InvariantCulture));
        }

        return word.ToString();
    }
}
