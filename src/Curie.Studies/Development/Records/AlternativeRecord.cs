using Curie.Development.Clustering;

namespace Curie.Studies.Development.Records;

/// <summary>The clusters that other settings give.</summary>
/// <param name="Method">The method.</param>
/// <param name="Normalization">The normalisation.</param>
/// <param name="Agreement">The adjusted Rand index with the chosen ones.</param>
/// <param name="Clusters">The cluster of every head, from 1.</param>
public sealed record AlternativeRecord(string Method, string Normalization, double Agreement, IReadOnlyList<int> Clusters)
{
    internal static AlternativeRecord Of(AlternativeClustering other) =>
        new(
            ClusteringWords.Name(other.Method),
            ClusteringWords.Name(other.Normalization),
            other.Agreement,
            [.. other.Labels.Select(label => label + 1)]
        );
}
