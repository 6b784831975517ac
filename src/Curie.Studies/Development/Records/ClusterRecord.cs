using Curie.Development.Clustering;

namespace Curie.Studies.Development.Records;

/// <summary>Clusters of a group of heads; their numbers count from 1.</summary>
/// <param name="Group"><c>heads</c>, or the layer as <c>l0</c>.</param>
/// <param name="Data">The data set.</param>
/// <param name="Clusters">The number of clusters.</param>
/// <param name="Heads">The heads.</param>
/// <param name="Silhouette">The mean of their silhouettes.</param>
/// <param name="Counts">The same for every number of clusters that was tried.</param>
/// <param name="SeedAgreement">How other seeds agree.</param>
/// <param name="SettingAgreement">How other settings agree.</param>
/// <param name="Alternatives">What these give.</param>
public sealed record ClusterRecord(
    string Group,
    string Data,
    int Clusters,
    IReadOnlyList<ClusteredHead> Heads,
    double Silhouette,
    IReadOnlyList<ClusterCount> Counts,
    double SeedAgreement,
    double SettingAgreement,
    IReadOnlyList<AlternativeRecord> Alternatives
)
{
    internal static ClusterRecord Of(HeadClusters group) =>
        new(
            group.Group,
            group.Data,
            group.Clusters.Clusters,
            [.. group.Components.Select((head, i) => new ClusteredHead(head, group.Clusters.Labels[i] + 1, group.Clusters.Silhouettes[i]))],
            group.Clusters.Silhouettes.Average(),
            group.Clusters.Counts,
            group.Clusters.SeedAgreement,
            group.Clusters.SettingAgreement,
            [.. group.Clusters.Alternatives.Select(AlternativeRecord.Of)]
        );
}
