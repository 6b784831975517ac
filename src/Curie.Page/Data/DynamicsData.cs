using Curie.Studies.Development.Records;

namespace Curie.Page.Data;

/// <summary>A <see cref="DynamicsRecord"/> without how it was smoothed.</summary>
/// <param name="Step">The updates made before each checkpoint.</param>
/// <param name="ExplainedVariance">The share of variance of each principal component.</param>
/// <param name="Scores">The scores by component and checkpoint.</param>
/// <param name="Smooth">The same, smoothed.</param>
/// <param name="Planes">Every plane of two components.</param>
/// <param name="Forms">The forms.</param>
internal sealed record DynamicsData(
    IReadOnlyList<double> Step,
    IReadOnlyList<double> ExplainedVariance,
    IReadOnlyList<IReadOnlyList<double>> Scores,
    IReadOnlyList<IReadOnlyList<double>> Smooth,
    IReadOnlyList<PlaneRecord> Planes,
    IReadOnlyList<FormRecord> Forms
)
{
    /// <summary>What the page shows of a trajectory.</summary>
    public static DynamicsData Of(DynamicsRecord record) =>
        new(record.Step, record.ExplainedVariance, record.Scores, record.Smooth, record.Planes, record.Forms);
}
