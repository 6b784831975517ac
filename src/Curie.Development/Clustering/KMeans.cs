using Curie.Numerics.Random;

namespace Curie.Development.Clustering;

/// <summary>
/// k-means over curves: Lloyd's rounds from starts chosen by k-means++ (Arthur and Vassilvitskii 2007), the best of several. Under warping
/// a cluster's
/// centre is its DTW barycentre.
/// </summary>
/// <param name="Labels">Each curve's cluster, canonical.</param>
/// <param name="Centres">The clusters' centres.</param>
/// <param name="Inertia">Σ of squared distances to the own centre.</param>
public sealed record KMeans(int[] Labels, double[][] Centres, double Inertia)
{
    private const int MostRounds = 100;

    /// <summary>Clusters curves.</summary>
    /// <param name="curves">The curves, of one length unless time is warped.</param>
    /// <param name="clusters">How many clusters, at most as many as curves.</param>
    /// <param name="metric">How curves are compared.</param>
    /// <param name="seed">The seed of the starts.</param>
    /// <param name="restarts">How many starts.</param>
    public static KMeans Of(IReadOnlyList<double[]> curves, int clusters, CurveMetric metric, long seed, int restarts = 10)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentOutOfRangeException.ThrowIfLessThan(clusters, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clusters, curves.Count);
        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.Clustering));
        KMeans? best = null;
        for (int restart = 0; restart < restarts; restart++)
        {
            KMeans found = Descend(curves, Starts(curves, clusters, metric, random), metric);
            best = best is null || found.Inertia < best.Inertia ? found : best;
        }

        return best!;
    }

    /// <summary>Lloyd's rounds from given centres.</summary>
    internal static KMeans Descend(IReadOnlyList<double[]> curves, double[][] centres, CurveMetric metric)
    {
        int[] labels = [];
        double[] squares = [];
        for (int round = 0; round < MostRounds; round++)
        {
            (int[] Labels, double[] Squares) assigned = Assign(curves, centres, metric);
            squares = assigned.Squares;
            if (labels.AsSpan().SequenceEqual(assigned.Labels))
            {
                break;
            }

            labels = assigned.Labels;
            Refill(labels, squares, centres.Length);
            centres = [.. centres.Select((centre, c) => metric.Centre([.. curves.Where((_, i) => labels[i] == c)], centre))];
        }

        int[] canonical = Partition.Canonical(labels);
        double[][] ordered = new double[centres.Length][];
        for (int i = 0; i < labels.Length; i++)
        {
            ordered[canonical[i]] = centres[labels[i]];
        }

        return new KMeans(canonical, ordered, squares.Sum());
    }

    private static (int[] Labels, double[] Squares) Assign(IReadOnlyList<double[]> curves, double[][] centres, CurveMetric metric)
    {
        (int[] labels, double[] squares) = (new int[curves.Count], new double[curves.Count]);
        for (int i = 0; i < curves.Count; i++)
        {
            double[] distances = Array.ConvertAll(centres, centre => metric.Distance(centre, curves[i]));
            labels[i] = Array.IndexOf(distances, distances.Min());
            squares[i] = distances[labels[i]] * distances[labels[i]];
        }

        return (labels, squares);
    }

    /// <summary>A cluster without members takes the curve that is farthest from its centre, of clusters with more than one.</summary>
    private static void Refill(int[] labels, double[] squares, int clusters)
    {
        for (int c = 0; c < clusters; c++)
        {
            if (!labels.Contains(c))
            {
                int farthest = Enumerable
                    .Range(0, labels.Length)
                    .Where(i => labels.Count(label => label == labels[i]) > 1)
                    .MaxBy(i => squares[i]);
                labels[farthest] = c;
                squares[farthest] = 0;
            }
        }
    }

    /// <summary>
    /// k-means++: each next centre is a curve chosen with probability in proportion to its squared distance from the nearest so far.
    /// </summary>
    private static double[][] Starts(IReadOnlyList<double[]> curves, int clusters, CurveMetric metric, PhiloxStream random)
    {
        List<double[]> centres = [curves[random.NextInt32(curves.Count)]];
        while (centres.Count < clusters)
        {
            double[] squares = Assign(curves, [.. centres], metric).Squares;
            double place = random.NextDouble() * squares.Sum();
            int chosen = 0;
            while (chosen < squares.Length - 1 && place >= squares[chosen])
            {
                place -= squares[chosen++];
            }

            centres.Add(curves[chosen]);
        }

        return [.. centres];
    }
}
