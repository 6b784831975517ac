using System.Text.Json.Nodes;
using Curie.Development.Trajectories;

namespace Curie.Studies.Development;

/// <summary>Essential dynamics as JSON; docs/formats.md names the keys.</summary>
internal static class DynamicsJson
{
    /// <summary>The trajectory and its geometry.</summary>
    public static JsonObject Of(EssentialDynamics dynamics) =>
        new()
        {
            ["step"] = StagesJson.Array(dynamics.Steps),
            ["explained_variance"] = StagesJson.Array(dynamics.Components.ExplainedVariance),
            ["first_width"] = dynamics.FirstWidth,
            ["last_width"] = dynamics.LastWidth,
            ["scores"] = new JsonArray([.. dynamics.Components.Scores.Select(StagesJson.Array)]),
            ["smooth"] = new JsonArray([.. dynamics.Smoothed.Select(StagesJson.Array)]),
            ["planes"] = new JsonArray([.. dynamics.Planes.Select(plane => Plane(plane, dynamics))]),
            ["forms"] = new JsonArray([
                .. dynamics.Forms.Select(form => new JsonObject
                {
                    ["step"] = dynamics.StepAt(form.Index),
                    ["index"] = form.Index,
                    ["spread"] = form.Spread,
                    ["position"] = StagesJson.Array(form.Position),
                    ["discrepancy"] = form.Discrepancy,
                }),
            ]),
        };

    /// <summary>How boundaries and trajectory agree.</summary>
    public static JsonNode Agreement(TrajectoryAgreement compared) =>
        new JsonObject
        {
            ["component"] = compared.Component,
            ["data"] = compared.Data,
            ["points"] = compared.Points,
            ["mean_distance"] = compared.Agreement.MeanDistance,
            ["chance_distance"] = compared.Agreement.ChanceDistance,
            ["p_value"] = compared.Agreement.PValue,
            ["matches"] = new JsonArray([
                .. compared.Agreement.Matches.Select(match => new JsonObject
                {
                    ["boundary_step"] = match.Boundary.Step,
                    ["step"] = match.Step,
                    ["distance"] = match.Distance,
                    ["inside"] = match.Inside,
                }),
            ]),
        };

    private static JsonObject Plane(TrajectoryPlane plane, EssentialDynamics dynamics) =>
        new JsonObject
        {
            ["plane"] = StagesTables.Plane(plane),
            ["x"] = plane.I + 1,
            ["y"] = plane.J + 1,
            ["circles"] = new JsonObject
            {
                ["centre_x"] = StagesJson.Array(plane.Circles.Select(circle => circle.CentreX)),
                ["centre_y"] = StagesJson.Array(plane.Circles.Select(circle => circle.CentreY)),
                ["radius"] = StagesJson.Array(plane.Circles.Select(circle => circle.Radius)),
                ["curvature"] = StagesJson.Array(plane.Circles.Select(circle => circle.Curvature)),
            },
            ["points"] = new JsonArray([
                .. plane.Points.Select(point => new JsonObject
                {
                    ["kind"] = StagesTables.Kind(point.Kind),
                    ["step"] = dynamics.StepAt(point.Index),
                    ["index"] = point.Index,
                    ["x"] = point.X,
                    ["y"] = point.Y,
                    ["radius"] = point.Radius,
                }),
            ]),
        };
}
