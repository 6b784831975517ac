namespace Curie.Studies.Development.Records;

/// <summary>A head and its cluster.</summary>
/// <param name="Component">The head.</param>
/// <param name="Cluster">The cluster, from 1.</param>
/// <param name="Silhouette">How much better it fits there than elsewhere, −1 to 1.</param>
public sealed record ClusteredHead(string Component, int Cluster, double Silhouette);
