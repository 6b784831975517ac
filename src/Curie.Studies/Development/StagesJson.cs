using System.Text.Json.Nodes;
using Curie.Development.Stages;

namespace Curie.Studies.Development;

/// <summary>Curves, stages and clusters as JSON; docs/formats.md names the keys.</summary>
internal static class StagesJson
{
    /// <summary>What was asked for.</summary>
    public static JsonObject Settings(DevelopmentStudy study) =>
        new()
        {
            ["seed"] = study.StageOptions.Seed,
            ["posterior_draws"] = study.StageOptions.Draws,
            ["confidence"] = study.StageOptions.Confidence,
            ["plateau_slope"] = study.StageOptions.PlateauSlope,
            ["least_support"] = study.StageOptions.LeastSupport,
            ["cluster_method"] = ClusteringWords.Name(study.ClusteringOptions.Method),
            ["normalization"] = ClusteringWords.Name(study.ClusteringOptions.Normalization),
        };

    /// <summary>A curve, its fit, and its stages.</summary>
    public static JsonNode Curve(CurveStages curve, StageOptions options)
    {
        (ComponentCurve source, StageAnalysis stages) = (curve.Source, curve.Stages);
        double[] grid = stages.Values.Points;
        return new JsonObject
        {
            ["component"] = source.Component,
            ["data"] = source.Data,
            ["measured"] = new JsonObject
            {
                ["step"] = Array(source.Coefficient.Steps),
                ["value"] = Array(source.Coefficient.Values),
                ["se"] = source.TotalErrors is { } totals ? Array(totals) : null,
                ["sampling_se"] = source.Coefficient.StandardErrors is { } errors ? Array(errors) : null,
                ["loss"] = source.Loss is { } loss ? Array(loss.Values) : null,
                ["health"] = new JsonArray([.. source.Health.Select(health => (JsonNode)health)]),
            },
            ["left_out"] = new JsonArray([
                .. source.LeftOut.Select(left => new JsonObject { ["step"] = left.Step, ["reason"] = left.Reason }),
            ]),
            ["fit"] = Fit(stages.Process),
            ["loss_fit"] = curve.Loss is null ? null : Fit(curve.Loss),
            ["smooth"] = new JsonObject
            {
                ["step"] = Array(grid.Select(DevelopmentCurve.Step)),
                ["log_step"] = Array(grid),
                ["value"] = Array(stages.Values.Mean),
                ["value_sd"] = Array(stages.Values.StandardDeviations),
                ["slope"] = Array(stages.Slopes.Mean),
                ["slope_sd"] = Array(stages.Slopes.StandardDeviations),
                ["loss"] = curve.Loss is null ? null : Array(curve.Loss.Values(grid).Mean),
                ["loss_sd"] = curve.Loss is null ? null : Array(curve.Loss.Values(grid).StandardDeviations),
            },
            ["boundaries"] = new JsonArray([.. stages.Boundaries.Select(boundary => Boundary(boundary, options))]),
            ["stages"] = new JsonArray([.. stages.Stages.Select(Stage)]),
        };
    }

    /// <summary>Clusters of heads; numbers of clusters count from 1.</summary>
    public static JsonNode Clusters(HeadClusters group) =>
        new JsonObject
        {
            ["group"] = group.Group,
            ["data"] = group.Data,
            ["clusters"] = group.Clusters.Clusters,
            ["heads"] = new JsonArray([
                .. group.Components.Select(
                    (head, i) =>
                        new JsonObject
                        {
                            ["component"] = head,
                            ["cluster"] = group.Clusters.Labels[i] + 1,
                            ["silhouette"] = group.Clusters.Silhouettes[i],
                        }
                ),
            ]),
            ["silhouette"] = group.Clusters.Silhouettes.Average(),
            ["counts"] = new JsonArray([
                .. group.Clusters.Counts.Select(count => new JsonObject
                {
                    ["clusters"] = count.Clusters,
                    ["silhouette"] = count.Silhouette,
                }),
            ]),
            ["seed_agreement"] = group.Clusters.SeedAgreement,
            ["setting_agreement"] = group.Clusters.SettingAgreement,
            ["alternatives"] = new JsonArray([
                .. group.Clusters.Alternatives.Select(other => new JsonObject
                {
                    ["method"] = ClusteringWords.Name(other.Method),
                    ["normalization"] = ClusteringWords.Name(other.Normalization),
                    ["agreement"] = other.Agreement,
                    ["clusters"] = new JsonArray([.. other.Labels.Select(label => (JsonNode)(label + 1))]),
                }),
            ]),
        };

    /// <summary>Scores of clusters.</summary>
    public static JsonNode Contrasts(ClusterContrasts contrasts) =>
        new JsonObject
        {
            ["group"] = contrasts.Group,
            ["data"] = contrasts.Data,
            ["step"] = contrasts.Step,
            ["scores"] = new JsonArray([
                .. contrasts.Scores.Select(
                    (contrast, i) =>
                        new JsonObject
                        {
                            ["score"] = contrast.Score,
                            ["means"] = Array(contrast.Means),
                            ["share"] = contrast.Share,
                            ["p"] = contrast.PValue,
                            ["q"] = contrasts.Q[i],
                        }
                ),
            ]),
        };

    /// <summary>A boundary.</summary>
    public static JsonObject Boundary(StageBoundary boundary, StageOptions options) =>
        new()
        {
            ["kind"] = StagesTables.Kind(boundary.Kind),
            ["step"] = boundary.Step,
            ["low_step"] = boundary.LowStep,
            ["high_step"] = boundary.HighStep,
            ["slope"] = boundary.Slope,
            ["slope_se"] = boundary.SlopeStandardError,
            ["support"] = boundary.Support,
            ["divides"] = boundary.Support >= options.LeastSupport,
        };

    /// <summary>Numbers as an array.</summary>
    public static JsonArray Array(IEnumerable<double> values) => [.. values.Select(value => (JsonNode)value)];

    private static JsonObject Fit(GaussianProcess process) =>
        new()
        {
            ["length_scale"] = process.LengthScale,
            ["amplitude"] = process.AmplitudeDeviation,
            ["noise"] = process.NoiseDeviation,
            ["log_marginal_likelihood"] = process.LogMarginalLikelihood,
        };

    private static JsonNode Stage(Stage stage) =>
        new JsonObject
        {
            ["stage"] = stage.Number,
            ["from_step"] = stage.FromStep,
            ["to_step"] = stage.ToStep,
            ["delta_llc"] = stage.Coefficient.Value,
            ["delta_llc_se"] = stage.Coefficient.StandardError,
            ["delta_loss"] = stage.Loss?.Value,
            ["delta_loss_se"] = stage.Loss?.StandardError,
            ["type"] = stage.Type,
            ["type_probability"] = stage.TypeProbability,
        };
}
