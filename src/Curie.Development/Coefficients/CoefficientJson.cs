using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Curie.Sampling;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;
using Curie.Sampling.Networks;

namespace Curie.Development.Coefficients;

/// <summary>Everything that was measured of a component, as JSON.</summary>
public static class CoefficientJson
{
    /// <summary>The health of a component nothing is wrong with.</summary>
    public const string Healthy = "ok";

    /// <summary>The health of a component that has no figure, since every chain was stopped.</summary>
    public const string Stopped = "all-chains-stopped";

    /// <summary>The figures, the verdicts and the traces.</summary>
    public static JsonObject Of(ComponentCoefficient measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        (ComponentReport report, ComponentHealth health, LearningCoefficient? coefficient) = measured;
        return new JsonObject
        {
            ["component"] = report.Component,
            ["dimension"] = report.Dimension,
            ["llc"] = coefficient?.Value,
            ["llc_se"] = coefficient?.StandardError,
            ["sampling_se"] = coefficient?.SamplingError,
            ["sampling_degrees_of_freedom"] = coefficient?.SamplingDegreesOfFreedom,
            ["row_se"] = coefficient?.RowError,
            ["healthy_chains"] = report.HealthyChains.Count,
            ["health"] = HealthOf(measured),
            ["mean_loss"] = health.MeanLoss.Count == 0 ? null : health.MeanLoss.Average(),
            ["init_loss"] = health.InitLoss,
            ["init_loss_se"] = measured.InitLossError,
            ["null_loss"] = health.NullLine,
            ["knowledge_lost"] = health.KnowledgeLost,
            ["split_r_hat"] = health.RHat,
            ["effective_sample_size"] = health.EffectiveSampleSize,
            ["autocorrelation_time"] = health.AutocorrelationTime,
            ["distance"] = health.Distance,
            ["localization_distance"] = health.LocalizationDistance,
            ["geweke_z"] = health.GewekeZ,
            ["mala_acceptance"] = health.MalaAcceptance,
            ["temperature"] = health.Temperature,
            ["growth_exponent"] = health.GrowthExponent,
            ["fraction_below_init_loss"] = coefficient is null ? null : health.FractionBelowInitLoss,
            ["excluded"] = new JsonArray([
                .. report.Failures.Select(failure => new JsonObject
                {
                    ["chain"] = failure.Chain,
                    ["draw"] = failure.Draw,
                    ["reason"] = failure.Reason,
                }),
            ]),
            ["notes"] = new JsonArray([.. health.Verdicts.Select(verdict => (JsonNode)verdict.Sentence)]),
            ["trace_loss"] = new JsonArray([.. report.Trace.Select(draws => new JsonArray([.. draws.Select(Finite)]))]),
        };
    }

    /// <summary>
    /// <c>ok</c>, <c>all-chains-stopped</c>, or the verdicts' kinds in lower case with hyphens, such as
    /// <c>chains-stopped;above-null-line</c>.
    /// </summary>
    public static string HealthOf(ComponentCoefficient measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        return measured.Coefficient is null ? Stopped
            : measured.Health.Verdicts.Count == 0 ? Healthy
            : string.Join(';', measured.Health.Verdicts.Select(verdict => Word(verdict.Kind)).Distinct());
    }

    private static JsonNode? Finite(double value) => double.IsFinite(value) ? value : null;

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
