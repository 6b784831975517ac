using Curie.Development.Clustering;

namespace Curie.Studies.Development;

/// <summary>How options and files name the ways to cluster curves.</summary>
public static class ClusteringWords
{
    /// <summary>The methods by name.</summary>
    public static IReadOnlyDictionary<string, ClusteringMethod> Methods { get; } =
        new Dictionary<string, ClusteringMethod>
        {
            ["kmeans"] = ClusteringMethod.KMeans,
            ["dtw-kmeans"] = ClusteringMethod.DtwKMeans,
            ["hierarchical"] = ClusteringMethod.Hierarchical,
            ["dtw-hierarchical"] = ClusteringMethod.DtwHierarchical,
        };

    /// <summary>The normalisations by name.</summary>
    public static IReadOnlyDictionary<string, CurveNormalization> Normalizations { get; } =
        new Dictionary<string, CurveNormalization>
        {
            ["none"] = CurveNormalization.None,
            ["min-max"] = CurveNormalization.MinMax,
            ["standardise"] = CurveNormalization.Standardise,
        };

    /// <summary>The names that files give to the method and the normalisation.</summary>
    public static string Name(ClusteringMethod method) => Methods.First(pair => pair.Value == method).Key;

    /// <summary>The same of a normalisation.</summary>
    public static string Name(CurveNormalization normalization) => Normalizations.First(pair => pair.Value == normalization).Key;
}
