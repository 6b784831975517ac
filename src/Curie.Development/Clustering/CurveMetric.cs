namespace Curie.Development.Clustering;

/// <summary>How curves are compared, and what the mean of several is.</summary>
public sealed record CurveMetric
{
    private const int BarycentreRounds = 10;

    private CurveMetric(bool warps, int? window)
    {
        Warps = warps;
        Window = window;
    }

    /// <summary>√Σ (a_i − b_i)², and the mean point by point.</summary>
    public static CurveMetric Euclidean { get; } = new(false, null);

    /// <summary>Whether time is warped.</summary>
    public bool Warps { get; }

    /// <summary>The widest shift in points; null for any.</summary>
    public int? Window { get; }

    /// <summary><see cref="DynamicTimeWarping"/>, and its barycentre.</summary>
    /// <param name="window">The widest shift in points; null for any.</param>
    public static CurveMetric Warping(int? window = null) => new(true, window);

    /// <summary>The distance between two curves.</summary>
    public double Distance(double[] a, double[] b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return Warps ? DynamicTimeWarping.Distance(a, b, Window) : Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
    }

    /// <summary>
    /// The curve that has the least sum of squared distances to all: the mean, or under warping what DTW barycentre averaging (Petitjean,
    /// Ketterlin
    /// and Gançarski 2011) makes of <paramref name="start"/> in ten rounds: each of its points becomes the mean of all points aligned with
    /// it.
    /// </summary>
    /// <param name="curves">The curves, at least one.</param>
    /// <param name="start">Where averaging under warping starts, and how long the result is.</param>
    public double[] Centre(IReadOnlyList<double[]> curves, double[] start)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentNullException.ThrowIfNull(start);
        if (!Warps)
        {
            return [.. Enumerable.Range(0, start.Length).Select(i => curves.Average(curve => curve[i]))];
        }

        double[] centre = [.. start];
        for (int round = 0; round < BarycentreRounds; round++)
        {
            (double[] sums, int[] counts) = (new double[centre.Length], new int[centre.Length]);
            foreach (double[] curve in curves)
            {
                foreach ((int a, int b) in DynamicTimeWarping.Path(centre, curve, Window))
                {
                    sums[a] += curve[b];
                    counts[a]++;
                }
            }

            double[] next = [.. sums.Zip(counts, (sum, count) => sum / count)];
            if (next.AsSpan().SequenceEqual(centre))
            {
                break;
            }

            centre = next;
        }

        return centre;
    }

    /// <summary>All distances, symmetric.</summary>
    public double[,] Distances(IReadOnlyList<double[]> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        double[,] distances = new double[curves.Count, curves.Count];
        for (int i = 0; i < curves.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                distances[i, j] = distances[j, i] = Distance(curves[i], curves[j]);
            }
        }

        return distances;
    }
}
