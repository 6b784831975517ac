namespace Curie.Development.Clustering;

/// <summary>The quality of one number of clusters.</summary>
/// <param name="Clusters">The number.</param>
/// <param name="Silhouette">The mean silhouette of the curves.</param>
public sealed record ClusterCount(int Clusters, double Silhouette);

/// <summary>The same curves under another method or normalisation, with as many clusters.</summary>
/// <param name="Method">The method.</param>
/// <param name="Normalization">The normalisation.</param>
/// <param name="Labels">Its clusters.</param>
/// <param name="Agreement">The adjusted Rand index with the reported clusters.</param>
public sealed record AlternativeClustering(ClusteringMethod Method, CurveNormalization Normalization, int[] Labels, double Agreement);

/// <summary>Curves divided into clusters, and how stable the division is over seeds and over settings.</summary>
public sealed class CurveClustering
{
    private CurveClustering(int[] labels, double[] silhouettes, IReadOnlyList<ClusterCount> counts)
    {
        Labels = labels;
        Silhouettes = silhouettes;
        Counts = counts;
    }

    /// <summary>Each curve's cluster, from 0 in the order of first members.</summary>
    public int[] Labels { get; }

    /// <summary>The number of clusters.</summary>
    public int Clusters => Labels.Max() + 1;

    /// <summary>Each curve's silhouette.</summary>
    public double[] Silhouettes { get; }

    /// <summary>The numbers of clusters that were compared; one where it was given.</summary>
    public IReadOnlyList<ClusterCount> Counts { get; }

    /// <summary>
    /// The mean adjusted Rand index between the results of pairs of seeds, each with a single start; 1 for a method without chance.
    /// </summary>
    public double SeedAgreement { get; private init; }

    /// <summary>All other methods and normalisations.</summary>
    public IReadOnlyList<AlternativeClustering> Alternatives { get; private init; } = [];

    /// <summary>The mean of the alternatives' agreement.</summary>
    public double SettingAgreement => Alternatives.Average(alternative => alternative.Agreement);

    /// <summary>Clusters curves.</summary>
    /// <param name="curves">At least three, of one length.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">There are too few curves, or more clusters than curves.</exception>
    public static CurveClustering Of(IReadOnlyList<double[]> curves, CurveClusteringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(curves);
        options ??= new CurveClusteringOptions();
        if (
            curves.Count < 3
            || options.Clusters > curves.Count
            || options.Clusters < 1
            || curves.Any(curve => curve.Length != curves[0].Length)
        )
        {
            throw new ArgumentException("Clustering needs three curves of one length, and no more clusters than curves.", nameof(curves));
        }

        Setting setting = Setting.Of(curves, options.Method, options.Normalization, options);
        int most = Math.Min(options.MostClusters, curves.Count - 1);
        int[] tried = options.Clusters is { } given ? [given] : [.. Enumerable.Range(2, Math.Max(1, most - 1))];
        ClusterCount[] counts =
        [
            .. tried.Select(k => new ClusterCount(k, Partition.Silhouettes(setting.Distances, setting.Cluster(k, options.Seed)).Average())),
        ];
        int clusters = counts.MaxBy(count => count.Silhouette)!.Clusters;
        int[] labels = setting.Cluster(clusters, options.Seed);
        return new CurveClustering(labels, Partition.Silhouettes(setting.Distances, labels), counts)
        {
            SeedAgreement = AgreementOverSeeds(setting, clusters, options),
            Alternatives =
            [
                .. from method in Enum.GetValues<ClusteringMethod>()
                from normalization in Enum.GetValues<CurveNormalization>()
                where method != options.Method || normalization != options.Normalization
                let other = Setting.Of(curves, method, normalization, options).Cluster(clusters, options.Seed)
                select new AlternativeClustering(method, normalization, other, Partition.AdjustedRandIndex(labels, other)),
            ],
        };
    }

    private static double AgreementOverSeeds(Setting setting, int clusters, CurveClusteringOptions options)
    {
        int[][] results =
        [
            .. Enumerable.Range(0, Math.Max(2, options.Seeds)).Select(i => setting.Cluster(clusters, options.Seed + i, restarts: 1)),
        ];
        return results.SelectMany((first, i) => results.Skip(i + 1).Select(second => Partition.AdjustedRandIndex(first, second))).Average();
    }

    /// <summary>Normalised curves with their distances under one method.</summary>
    private sealed record Setting(ClusteringMethod Method, CurveMetric Metric, double[][] Curves, double[,] Distances)
    {
        public static Setting Of(
            IReadOnlyList<double[]> curves,
            ClusteringMethod method,
            CurveNormalization normalization,
            CurveClusteringOptions options
        )
        {
            bool warps = method is ClusteringMethod.DtwKMeans or ClusteringMethod.DtwHierarchical;
            int? window = options.WarpingShare is { } share ? (int)Math.Ceiling(share * curves[0].Length) : null;
            CurveMetric metric = warps ? CurveMetric.Warping(window) : CurveMetric.Euclidean;
            double[][] normalized = [.. curves.Select(curve => normalization.Apply(curve))];
            return new Setting(method, metric, normalized, metric.Distances(normalized));
        }

        public int[] Cluster(int clusters, long seed, int restarts = 10) =>
            Method switch
            {
                ClusteringMethod.Hierarchical => HierarchicalClustering.Of(Distances, Linkage.Ward).Cut(clusters),
                ClusteringMethod.DtwHierarchical => HierarchicalClustering.Of(Distances, Linkage.Average).Cut(clusters),
                _ => KMeans.Of(Curves, clusters, Metric, seed, restarts).Labels,
            };
    }
}
