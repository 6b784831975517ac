using Curie.Response.Runs;
using Curie.Sampling.Chains;
using Curie.Sampling.Diagnostics;
using ComponentHealth = Curie.Response.Runs.ComponentHealth;
using Health = Curie.Sampling.Diagnostics.ComponentHealth;

namespace Curie.Response.Experiments;

/// <summary>The manifest's health section for one component.</summary>
internal static class HealthReport
{
    public static ComponentHealth Of(SampledMoments sampled)
    {
        ComponentReport report = sampled.Report;
        Health health = Health.Of(report);
        ShadowStatistics? shadow = sampled.Perturbation is null ? null : ShadowStatistics.Of(report);
        return new ComponentHealth(report.Component, [.. Enumerable.Range(0, report.Trace.Count).Select(chain => Chain(report, chain))])
        {
            Diagnostics = new Dictionary<string, double?>
            {
                ["mean_loss"] = health.MeanLoss.Count == 0 ? null : health.MeanLoss.Average(),
                ["last_loss"] = health.MeanLoss.Count == 0 ? null : health.MeanLoss[^1],
                ["init_loss"] = health.InitLoss,
                ["null_loss"] = health.NullLine,
                ["knowledge_lost"] = health.KnowledgeLost,
                ["distance"] = health.Distance,
                ["shadow_distance"] = shadow?.Distance,
                ["shadow_growth"] = shadow?.Growth,
                ["perturbation_nonlinearity"] = sampled.Nonlinearity,
                ["localization_distance"] = health.LocalizationDistance,
                ["split_r_hat"] = health.RHat,
                ["effective_sample_size"] = health.EffectiveSampleSize,
                ["autocorrelation_time"] = health.AutocorrelationTime,
                ["geweke_z"] = health.GewekeZ,
                ["mala_acceptance"] = health.MalaAcceptance,
                ["temperature"] = health.Temperature,
                ["growth_exponent"] = health.GrowthExponent,
                ["fraction_below_init_loss"] = health.FractionBelowInitLoss,
            },
            Notes =
            [
                .. health.Verdicts.Select(verdict => verdict.Sentence),
                .. ShadowRules
                    .Judge(
                        shadow,
                        sampled.Nonlinearity,
                        sampled.Perturbation is { Displacement: > 0 } perturbation ? perturbation.Resolution : null
                    )
                    .Select(verdict => verdict.Sentence),
            ],
        };
    }

    private static ChainHealth Chain(ComponentReport report, int chain)
    {
        ChainFailure? failure = report.Failures.FirstOrDefault(f => f.Chain == chain);
        return failure is null
            ? new ChainHealth(chain, ChainStatus.Healthy)
            : new ChainHealth(chain, ChainStatus.Excluded, failure.Draw, failure.Reason);
    }
}
