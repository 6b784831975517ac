namespace Curie.Development.Clustering;

/// <summary>How curves are clustered.</summary>
public enum ClusteringMethod
{
    /// <summary>k-means with Euclidean distances.</summary>
    KMeans,

    /// <summary>k-means with dynamic time warping and its barycentre.</summary>
    DtwKMeans,

    /// <summary>Agglomerative, Ward's linkage on Euclidean distances.</summary>
    Hierarchical,

    /// <summary>Agglomerative, average linkage on dynamic time warping.</summary>
    DtwHierarchical,
}
