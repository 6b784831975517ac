namespace Curie.Development.Clustering;

/// <summary>A division of curves into clusters.</summary>
public static class Partition
{
    /// <summary>Numbers clusters from 0 in the order in which their first members stand.</summary>
    public static int[] Canonical(IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        Dictionary<int, int> numbers = [];
        return [.. labels.Select(label => numbers.TryGetValue(label, out int number) ? number : numbers[label] = numbers.Count)];
    }

    /// <summary>
    /// The adjusted Rand index of two partitions (Hubert and Arabie 1985): with n_ij the counts of their common members, a_i and b_j those
    /// of
    /// the clusters and C(n) = n(n − 1)/2, (Σ C(n_ij) − E)/(½(Σ C(a_i) + Σ C(b_j)) − E), E = Σ C(a_i)·Σ C(b_j)/C(n). 1 for equal
    /// partitions, 0 on average
    /// for random ones of the same sizes.
    /// </summary>
    public static double AdjustedRandIndex(IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        double common = Pairs(first.Zip(second));
        (double a, double b) = (Pairs(first), Pairs(second));
        double all = 0.5 * first.Count * (first.Count - 1);
        double expected = all > 0 ? a * b / all : 0;
        double greatest = 0.5 * (a + b);

        // Both partitions are one cluster, or both only singletons: equal.
        return greatest == expected ? 1 : (common - expected) / (greatest - expected);
    }

    /// <summary>
    /// Each curve's silhouette (Rousseeuw 1987): (b − a)/max(a, b) with a the mean distance to its own cluster's others and b the least
    /// mean distance to
    /// another cluster; 0 for a cluster of one, and where all are one cluster.
    /// </summary>
    public static double[] Silhouettes(double[,] distances, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(labels);
        return [.. Enumerable.Range(0, labels.Count).Select(Silhouette)];

        double Silhouette(int i)
        {
            Dictionary<int, double> means = Enumerable
                .Range(0, labels.Count)
                .Where(j => j != i)
                .GroupBy(j => labels[j])
                .ToDictionary(cluster => cluster.Key, cluster => cluster.Average(j => distances[i, j]));
            if (!means.Remove(labels[i], out double own) || means.Count == 0)
            {
                return 0;
            }

            double other = means.Values.Min();
            double larger = Math.Max(own, other);
            return larger > 0 ? (other - own) / larger : 0;
        }
    }

    private static double Pairs<T>(IEnumerable<T> labels) =>
        labels.GroupBy(label => label).Sum(cluster => 0.5 * cluster.Count() * (cluster.Count() - 1));
}
