using Curie.Development.Clustering;
using Curie.Studies.Development.Records;

namespace Curie.Page.Data;

/// <summary>A <see cref="ClusterRecord"/> without what other settings give.</summary>
/// <param name="Group"><c>heads</c>, or the layer as <c>l0</c>.</param>
/// <param name="Data">The data set.</param>
/// <param name="Clusters">The number of clusters.</param>
/// <param name="Heads">The heads.</param>
/// <param name="Silhouette">The mean of their silhouettes.</param>
/// <param name="Counts">The same for every number of clusters that was tried.</param>
/// <param name="SeedAgreement">How other seeds agree.</param>
/// <param name="SettingAgreement">How other settings agree.</param>
internal sealed record ClusterData(
    string Group,
    string Data,
    int Clusters,
    IReadOnlyList<ClusteredHead> Heads,
    double Silhouette,
    IReadOnlyList<ClusterCount> Counts,
    double SeedAgreement,
    double SettingAgreement
)
{
    /// <summary>What the page shows of clusters.</summary>
    public static ClusterData Of(ClusterRecord record) =>
        new(
            record.Group,
            record.Data,
            record.Clusters,
            record.Heads,
            record.Silhouette,
            record.Counts,
            record.SeedAgreement,
            record.SettingAgreement
        );
}
