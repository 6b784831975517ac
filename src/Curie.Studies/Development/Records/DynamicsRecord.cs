using Curie.Development.Trajectories;

namespace Curie.Studies.Development.Records;

/// <summary>The trajectory of a training run and its geometry.</summary>
/// <param name="Step">The updates made before each checkpoint.</param>
/// <param name="ExplainedVariance">The share of variance of each principal component.</param>
/// <param name="FirstWidth">The smoothing at the first checkpoint, in checkpoints.</param>
/// <param name="LastWidth">That at the last.</param>
/// <param name="Scores">The scores by component and checkpoint.</param>
/// <param name="Smooth">The same, smoothed.</param>
/// <param name="Planes">Every plane of two components.</param>
/// <param name="Forms">The forms.</param>
public sealed record DynamicsRecord(
    IReadOnlyList<double> Step,
    IReadOnlyList<double> ExplainedVariance,
    double FirstWidth,
    double LastWidth,
    IReadOnlyList<IReadOnlyList<double>> Scores,
    IReadOnlyList<IReadOnlyList<double>> Smooth,
    IReadOnlyList<PlaneRecord> Planes,
    IReadOnlyList<FormRecord> Forms
)
{
    internal static DynamicsRecord Of(EssentialDynamics dynamics) =>
        new(
            dynamics.Steps,
            dynamics.Components.ExplainedVariance,
            dynamics.FirstWidth,
            dynamics.LastWidth,
            dynamics.Components.Scores,
            dynamics.Smoothed,
            [.. dynamics.Planes.Select(plane => PlaneRecord.Of(plane, dynamics))],
            [.. dynamics.Forms.Select(form => FormRecord.Of(form, dynamics))]
        );
}
