using System.Globalization;
using System.Text;
using Curie.Development.Stages;
using Curie.Development.Trajectories;
using Curie.Numerics.Files;

namespace Curie.Studies.Development;

/// <summary>The CSV files of <c>curie stages --out</c>.</summary>
public static class StagesTables
{
    /// <summary>The names and the contents of those that have any.</summary>
    public static IEnumerable<(string Name, string Text)> Of(DevelopmentStudy study)
    {
        if (study.Curves.Count > 0)
        {
            yield return (
                "stages.csv",
                Table(
                    "component,data,stage,from_step,to_step,delta_llc,delta_llc_se,delta_loss,delta_loss_se,type,type_probability",
                    study.Curves.SelectMany(curve => curve.Stages.Stages.Select(stage => Stage(curve.Source, stage)))
                )
            );
            yield return (
                "boundaries.csv",
                Table(
                    "component,data,kind,step,low_step,high_step,slope,slope_se,support,divides",
                    study.Curves.SelectMany(curve =>
                        curve.Stages.Boundaries.Select(boundary => Boundary(curve.Source, boundary, study.StageOptions))
                    )
                )
            );
        }

        if (study.Clusters.Count > 0)
        {
            yield return (
                "clusters.csv",
                Table(
                    "group,data,component,cluster,silhouette",
                    study.Clusters.SelectMany(group =>
                        group.Components.Select(
                            (head, i) => Line(group.Group, group.Data, head, group.Clusters.Labels[i] + 1, group.Clusters.Silhouettes[i])
                        )
                    )
                )
            );
        }

        if (study.Dynamics is { } dynamics)
        {
            int[] components = [.. Enumerable.Range(0, dynamics.Smoothed.Length)];
            yield return (
                "trajectory.csv",
                Table(
                    $"step,{string.Join(',', components.Select(k => $"pc{k + 1}"))},"
                        + string.Join(',', components.Select(k => $"pc{k + 1}_smooth")),
                    dynamics.Steps.Select(
                        (step, t) =>
                            Line([
                                step,
                                .. components.Select(k => (object?)dynamics.Components.Scores[k][t]),
                                .. components.Select(k => (object?)dynamics.Smoothed[k][t]),
                            ])
                    )
                )
            );
            yield return (
                "trajectory-points.csv",
                Table(
                    "plane,kind,step,x,y,radius",
                    dynamics.Planes.SelectMany(plane =>
                        plane.Points.Select(point =>
                            Line(Plane(plane), Kind(point.Kind), dynamics.StepAt(point.Index), point.X, point.Y, point.Radius)
                        )
                    )
                )
            );
        }
    }

    /// <summary>How files name a plane: <c>pc1-pc2</c>.</summary>
    public static string Plane(TrajectoryPlane plane) => $"pc{plane.I + 1}-pc{plane.J + 1}";

    /// <summary>How files name a special point.</summary>
    public static string Kind(CurvePointKind kind) =>
        kind switch
        {
            CurvePointKind.SharpVertex => "sharp-vertex",
            CurvePointKind.FlatVertex => "flat-vertex",
            _ => "cusp",
        };

    /// <summary>How files name a boundary.</summary>
    public static string Kind(BoundaryKind kind) =>
        kind switch
        {
            BoundaryKind.Maximum => "maximum",
            BoundaryKind.Minimum => "minimum",
            _ => "plateau",
        };

    private static string Stage(ComponentCurve source, Stage stage) =>
        Line(
            source.Component,
            source.Data,
            stage.Number,
            stage.FromStep,
            stage.ToStep,
            stage.Coefficient.Value,
            stage.Coefficient.StandardError,
            stage.Loss?.Value,
            stage.Loss?.StandardError,
            stage.Type,
            stage.TypeProbability
        );

    private static string Boundary(ComponentCurve source, StageBoundary boundary, StageOptions options) =>
        Line(
            source.Component,
            source.Data,
            Kind(boundary.Kind),
            boundary.Step,
            boundary.LowStep,
            boundary.HighStep,
            boundary.Slope,
            boundary.SlopeStandardError,
            boundary.Support,
            boundary.Support >= options.LeastSupport ? "true" : "false"
        );

    private static string Table(string header, IEnumerable<string> lines)
    {
        StringBuilder table = new(header + "\n");
        foreach (string line in lines)
        {
            table.Append(line).Append('\n');
        }

        return table.ToString();
    }

    private static string Line(params object?[] fields) =>
        string.Join(
            ',',
            fields.Select(field =>
                field switch
                {
                    null => "",
                    double number => number.ToString("R", CultureInfo.InvariantCulture),
                    IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
                    _ => CsvText.Field((string)field),
                }
            )
        );
}
