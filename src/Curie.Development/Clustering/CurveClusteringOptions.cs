namespace Curie.Development.Clustering;

/// <summary>How curves are clustered and how the result is tried.</summary>
public sealed record CurveClusteringOptions
{
    /// <summary>The method. Default k-means.</summary>
    public ClusteringMethod Method { get; init; } = ClusteringMethod.KMeans;

    /// <summary>The normalisation. Default standardise: the shapes of curves are compared, not their sizes.</summary>
    public CurveNormalization Normalization { get; init; } = CurveNormalization.Standardise;

    /// <summary>The number of clusters; null for that with the highest mean silhouette. Default null.</summary>
    public int? Clusters { get; init; }

    /// <summary>The most clusters tried where the number is chosen. Default 6.</summary>
    public int MostClusters { get; init; } = 6;

    /// <summary>The widest shift of dynamic time warping as a share of the curves' length; null for any. Default 0.1.</summary>
    public double? WarpingShare { get; init; } = 0.1;

    /// <summary>The seeds that are compared. Default 10.</summary>
    public int Seeds { get; init; } = 10;

    /// <summary>The first seed. Default 1.</summary>
    public long Seed { get; init; } = 1;
}
