namespace Curie.Development.Clustering;

/// <summary>How the distance between clusters follows from those of their members.</summary>
public enum Linkage
{
    /// <summary>The least.</summary>
    Single,

    /// <summary>The greatest.</summary>
    Complete,

    /// <summary>The mean over pairs.</summary>
    Average,

    /// <summary>Ward's: the growth of the sum of squares, for Euclidean distances.</summary>
    Ward,
}

/// <summary>Two clusters joined.</summary>
/// <param name="First">The lower number: a curve's, or n + m for the result of merge m.</param>
/// <param name="Second">The higher number.</param>
/// <param name="Distance">Their distance.</param>
/// <param name="Count">The curves in the joined cluster.</param>
public sealed record Merge(int First, int Second, double Distance, int Count);

/// <summary>
/// Agglomerative clustering: the two nearest clusters are joined until one is left. Distances to a joined cluster follow the recurrences of
/// Lance and
/// Williams (1967); of equal distances the pair with the lowest numbers is joined first.
/// </summary>
/// <param name="Merges">All n − 1 merges, in order.</param>
public sealed record HierarchicalClustering(IReadOnlyList<Merge> Merges)
{
    /// <summary>Clusters from a symmetric matrix of distances.</summary>
    public static HierarchicalClustering Of(double[,] distances, Linkage linkage)
    {
        ArgumentNullException.ThrowIfNull(distances);
        int count = distances.GetLength(0);
        Dictionary<(int, int), double> between = [];
        SortedDictionary<int, int> sizes = [];
        for (int i = 0; i < count; i++)
        {
            sizes[i] = 1;
            for (int j = 0; j < i; j++)
            {
                between[(j, i)] = distances[j, i];
            }
        }

        List<Merge> merges = [];
        while (sizes.Count > 1)
        {
            ((int a, int b), double distance) = between.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key).First();
            int joined = count + merges.Count;
            foreach (int other in sizes.Keys.Where(other => other != a && other != b).ToArray())
            {
                between[(other, joined)] = Joined(
                    linkage,
                    Take(between, a, other),
                    Take(between, b, other),
                    distance,
                    sizes[a],
                    sizes[b],
                    sizes[other]
                );
            }

            between.Remove((a, b));
            merges.Add(new Merge(a, b, distance, sizes[a] + sizes[b]));
            sizes[joined] = sizes[a] + sizes[b];
            sizes.Remove(a);
            sizes.Remove(b);
        }

        return new HierarchicalClustering(merges);
    }

    /// <summary>The labels, canonical, when so many clusters are left.</summary>
    public int[] Cut(int clusters)
    {
        int count = Merges.Count + 1;
        ArgumentOutOfRangeException.ThrowIfLessThan(clusters, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clusters, count);
        int[] labels = [.. Enumerable.Range(0, count)];
        for (int m = 0; m < count - clusters; m++)
        {
            for (int i = 0; i < count; i++)
            {
                labels[i] = labels[i] == Merges[m].First || labels[i] == Merges[m].Second ? count + m : labels[i];
            }
        }

        return Partition.Canonical(labels);
    }

    private static double Take(Dictionary<(int, int), double> between, int a, int b)
    {
        between.Remove((Math.Min(a, b), Math.Max(a, b)), out double distance);
        return distance;
    }

    private static double Joined(Linkage linkage, double a, double b, double ab, int sizeA, int sizeB, int size) =>
        linkage switch
        {
            Linkage.Single => Math.Min(a, b),
            Linkage.Complete => Math.Max(a, b),
            Linkage.Average => ((sizeA * a) + (sizeB * b)) / (sizeA + sizeB),
            _ => Math.Sqrt((((sizeA + size) * a * a) + ((sizeB + size) * b * b) - (size * ab * ab)) / (sizeA + sizeB + size)),
        };
}
