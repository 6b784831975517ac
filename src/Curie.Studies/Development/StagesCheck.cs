using Curie.Numerics;
using Curie.Studies.Development.Records;

namespace Curie.Studies.Development;

/// <summary>What has to hold of a <see cref="StagesRecord"/> so that its curves and planes can be drawn.</summary>
internal static class StagesCheck
{
    /// <summary>Refuses a record in which arrays do not fit each other, or numbers are missing.</summary>
    /// <exception cref="InputException">It does not hold; the message says where.</exception>
    public static void Require(string path, StagesRecord record)
    {
        for (int i = 0; i < record.Curves.Count; i++)
        {
            RequireCurve(path, record.Curves[i], $"curves[{i}]");
        }

        if (record.Dynamics is { } dynamics)
        {
            RequireDynamics(path, dynamics);
        }

        Require(path, record.Curves.Count > 0 || record.Dynamics is not null, "curves: there is neither a curve nor a trajectory");
    }

    /// <summary>What is said of a damaged file.</summary>
    public static InputException Damaged(string path, string place) => new($"{path} is damaged at {place}; run curie stages again.");

    private static void RequireCurve(string path, CurveRecord curve, string place)
    {
        int checkpoints = curve.Measured.Step.Count;
        Numbers(path, curve.Measured.Step, checkpoints, $"{place}.measured.step");
        Numbers(path, curve.Measured.Value, checkpoints, $"{place}.measured.value");
        Numbers(path, curve.Measured.Se, checkpoints, $"{place}.measured.se");
        Numbers(path, curve.Measured.Loss, checkpoints, $"{place}.measured.loss");
        Require(path, curve.Measured.Health.Count == checkpoints, $"{place}.measured.health");
        int points = curve.Smooth.LogStep.Count;
        Numbers(path, curve.Smooth.LogStep, points, $"{place}.smooth.log_step");
        Numbers(path, curve.Smooth.Value, points, $"{place}.smooth.value");
        Numbers(path, curve.Smooth.ValueSd, points, $"{place}.smooth.value_sd");
        Numbers(path, curve.Smooth.Loss, points, $"{place}.smooth.loss");
        Numbers(path, curve.Smooth.LossSd, points, $"{place}.smooth.loss_sd");
        Require(path, curve.Boundaries.All(one => AreFinite(one.Step, one.LowStep, one.HighStep)), $"{place}.boundaries");
        Require(path, curve.Stages.All(one => AreFinite(one.FromStep, one.ToStep, one.DeltaLlc, one.DeltaLlcSe)), $"{place}.stages");
        Require(path, curve.LeftOut.All(one => AreFinite(one.Step)), $"{place}.left_out");
    }

    private static void RequireDynamics(string path, DynamicsRecord dynamics)
    {
        int checkpoints = dynamics.Step.Count;
        int components = dynamics.ExplainedVariance.Count;
        Numbers(path, dynamics.Step, checkpoints, "dynamics.step");
        Numbers(path, dynamics.ExplainedVariance, components, "dynamics.explained_variance");
        foreach (
            (IReadOnlyList<IReadOnlyList<double>> rows, string key) in new[] { (dynamics.Scores, "scores"), (dynamics.Smooth, "smooth") }
        )
        {
            Require(path, rows.Count == components, $"dynamics.{key}");
            foreach (IReadOnlyList<double> row in rows)
            {
                Numbers(path, row, checkpoints, $"dynamics.{key}[]");
            }
        }

        foreach (FormRecord form in dynamics.Forms)
        {
            Require(path, AreFinite(form.Step, form.Spread, form.Discrepancy), "dynamics.forms");
            Numbers(path, form.Position, components, "dynamics.forms[].position");
        }

        foreach (PlaneRecord plane in dynamics.Planes)
        {
            Require(path, Math.Min(plane.X, plane.Y) >= 1 && Math.Max(plane.X, plane.Y) <= components, "dynamics.planes[].x");
            Numbers(path, plane.Circles.CentreX, checkpoints, "dynamics.planes[].circles.centre_x");
            Numbers(path, plane.Circles.CentreY, checkpoints, "dynamics.planes[].circles.centre_y");
            Numbers(path, plane.Circles.Radius, checkpoints, "dynamics.planes[].circles.radius");
            Numbers(path, plane.Circles.Curvature, checkpoints, "dynamics.planes[].circles.curvature");
            Require(path, plane.Points.All(one => AreFinite(one.Step, one.Index, one.X, one.Y, one.Radius)), "dynamics.planes[].points");
        }
    }

    /// <summary>Requires finite numbers, as many as told and at least one, of an array that may be missing.</summary>
    private static void Numbers(string path, IReadOnlyList<double>? values, int count, string place) =>
        Require(path, values is null || (values.Count == count && count > 0 && values.All(double.IsFinite)), place);

    private static bool AreFinite(params ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private static void Require(string path, bool holds, string place)
    {
        if (!holds)
        {
            throw Damaged(path, place);
        }
    }
}
