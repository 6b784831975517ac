using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports.Conclusions;
using Curie.Development.Stages;
using Curie.Development.Trajectories;
using Curie.Numerics;
using Curie.Studies.Conclusions;
using Curie.Studies.Development;

namespace Curie.Cli.Reports;

/// <summary>What <c>curie stages</c> says at its end.</summary>
internal sealed class StagesReport(DevelopmentStudy study, bool verbose)
{
    private const string WithinError = "*";

    private static readonly string[] StageHeaders = ["component", "stage", "steps", "Δλ̂", "± s.e.", "Δloss", "± s.e.", "type", "p(type)"];
    private static readonly string[] BoundaryHeaders = ["component", "boundary", "step", "95 % interval", "slope per log step", "support"];
    private static readonly string[] AgreementHeaders = ["component", "points", "distance", "by chance", "p"];
    private static readonly string[] PointHeaders = ["plane", "kind", "step", "radius"];

    /// <summary>
    /// What was found, then tables: of the whole model, or else of the first component, and with verbose of all, and how the boundaries lie
    /// to the trajectory.
    /// </summary>
    public string Text => string.Join('\n', Sections());

    private IEnumerable<string> Sections()
    {
        foreach (string line in ConclusionView.Lines(StagesConclusion.Of(study), ProseLines.Width))
        {
            yield return line;
        }

        foreach (DataStages data in study.ByData)
        {
            yield return data.Data.Length == 0 ? "\nStages" : $"\nStages on {data.Data}";
            IReadOnlyList<CurveStages> shown = verbose ? data.Curves : [data.Main];
            foreach (string section in Sections(shown))
            {
                yield return section;
            }

            if (shown.Count < data.Curves.Count)
            {
                yield return $"… and the stages of {Counted.Of(data.Curves.Count - shown.Count, "other component")}, with --verbose.";
            }
        }

        foreach (HeadClusters group in study.Clusters)
        {
            yield return Describe(group);
        }

        foreach (ClusterContrasts contrasts in study.Contrasts.Where(contrasts => contrasts.Scores.Count > 0))
        {
            yield return Describe(contrasts);
        }

        if (study.Dynamics is { } dynamics)
        {
            foreach (string line in Describe(dynamics))
            {
                yield return line;
            }
        }

        if (verbose && study.Agreements.Count > 0)
        {
            yield return "How far boundaries lie from the nearest turn of the trajectory, log steps";
            yield return TextTable.Render(
                AgreementHeaders,
                study.Agreements.Select(compared =>
                    (string[])
                        [
                            compared.Component,
                            compared.Points,
                            Number(compared.Agreement.MeanDistance, 3),
                            Number(compared.Agreement.ChanceDistance, 3),
                            Number(compared.Agreement.PValue, 2),
                        ]
                )
            );
        }
    }

    private IEnumerable<string> Sections(IReadOnlyList<CurveStages> curves)
    {
        yield return TextTable.Render(
            StageHeaders,
            curves.SelectMany(curve => curve.Stages.Stages.Select(stage => Row(curve.Source.Component, stage)))
        );
        if (curves.Any(curve => curve.Stages.Stages.Count > 1 && curve.Stages.Stages.Any(stage => stage.IsWithinError)))
        {
            yield return $"  {WithinError}: λ̂ changes by no more than two standard errors; the boundaries beside such a stage "
                + "may be noise, whatever their support.";
        }

        CurveStages[] divided = [.. curves.Where(curve => curve.Stages.Boundaries.Count > 0)];
        if (divided.Length > 0)
        {
            yield return TextTable.Render(
                BoundaryHeaders,
                divided.SelectMany(curve => curve.Stages.Boundaries.Select(boundary => Row(curve.Source.Component, boundary)))
            );
        }

        foreach (CurveStages curve in curves.Where(curve => curve.Source.LeftOut.Count > 0))
        {
            yield return $"  {curve.Source.Component}: checkpoints left out: "
                + string.Join(", ", curve.Source.LeftOut.Select(left => $"step {Number(left.Step)} ({left.Reason})"))
                + ".";
        }
    }

    private static string Describe(HeadClusters group)
    {
        IEnumerable<string> members = Enumerable
            .Range(0, group.Clusters.Clusters)
            .Select(c => $"  {c + 1}: {string.Join(' ', group.Components.Where((_, i) => group.Clusters.Labels[i] == c))}");
        string where = group.Data.Length == 0 ? group.Group : $"{group.Group} on {group.Data}";
        return $"Clusters of {where}: mean silhouette {Number(group.Clusters.Silhouettes.Average(), 2)}; agreement (adjusted Rand index) "
            + $"over seeds {Number(group.Clusters.SeedAgreement, 2)}, over methods and normalisations "
            + $"{Number(group.Clusters.SettingAgreement, 2)}\n{string.Join('\n', members)}";
    }

    private static string Describe(ClusterContrasts contrasts)
    {
        int clusters = contrasts.Scores[0].Means.Count;
        string[] headers =
        [
            "score",
            .. Enumerable.Range(1, clusters).Select(cluster => $"mean of {cluster}"),
            "between clusters",
            "p",
            "q",
        ];
        IEnumerable<string[]> rows = contrasts.Scores.Select(
            (contrast, i) =>
                (string[])
                    [
                        contrast.Score,
                        .. contrast.Means.Select(mean => Number(mean, 3)),
                        string.Create(CultureInfo.InvariantCulture, $"{100 * contrast.Share:F0} %"),
                        Number(contrast.PValue, 2),
                        Number(contrasts.Q[i], 2),
                    ]
        );
        return $"Scores of the clusters at step {Number(contrasts.Step, 7)}: means, and the share of the variance over heads that lies "
            + $"between clusters\n{TextTable.Render(headers, rows)}";
    }

    private static IEnumerable<string> Describe(EssentialDynamics dynamics)
    {
        IEnumerable<string> shares = dynamics.Components.ExplainedVariance.Select(share =>
            string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %")
        );
        yield return $"Essential dynamics: components explain {string.Join(", ", shares)}";
        yield return TextTable.Render(
            PointHeaders,
            dynamics.Planes.SelectMany(plane =>
                plane.Points.Select(point =>
                    new[]
                    {
                        StagesTables.Plane(plane),
                        StagesTables.Kind(point.Kind),
                        Number(dynamics.StepAt(point.Index)),
                        Number(point.Radius, 3),
                    }
                )
            )
        );
        yield return dynamics.Forms.Count == 0
            ? "  No form: nowhere do all planes see a vertex or a cusp at the same time and place."
            : "  Forms at "
                + string.Join(
                    ", ",
                    dynamics.Forms.Select(form => $"step {Number(dynamics.StepAt(form.Index))} (discrepancy {Number(form.Discrepancy, 2)})")
                )
                + ".";
    }

    private static string[] Row(string component, Stage stage) =>
        [
            component,
            stage.IsWithinError ? $"{WithinError} {stage.Number}" : $"{stage.Number}",
            $"{Number(stage.FromStep)} to {Number(stage.ToStep)}",
            Number(stage.Coefficient.Value),
            Number(stage.Coefficient.StandardError, 2),
            Number(stage.Loss?.Value),
            Number(stage.Loss?.StandardError, 2),
            stage.Type ?? "-",
            Number(stage.TypeProbability, 3),
        ];

    private string[] Row(string component, StageBoundary boundary) =>
        [
            component,
            StagesTables.Kind(boundary.Kind),
            Number(boundary.Step),
            $"{Number(boundary.LowStep)} to {Number(boundary.HighStep)}",
            $"{Number(boundary.Slope, 3)} ± {Number(boundary.SlopeStandardError, 2)}",
            string.Create(CultureInfo.InvariantCulture, $"{100 * boundary.Support:F0} %")
                + (boundary.Support >= study.StageOptions.LeastSupport ? "" : " (does not divide)"),
        ];

    private static string Number(double? value, int digits = 4) => value?.ToString($"G{digits}", CultureInfo.InvariantCulture) ?? "-";
}
