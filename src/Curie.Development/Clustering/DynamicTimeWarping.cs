namespace Curie.Development.Clustering;

/// <summary>
/// Dynamic time warping (Sakoe and Chiba 1978): the least Σ (a_i − b_j)² over paths from (0, 0) to the ends by steps (1, 0), (0, 1) and (1,
/// 1), within
/// |i − j| ≤ window for curves of equal length.
/// </summary>
public static class DynamicTimeWarping
{
    /// <summary>The square root of the least sum.</summary>
    /// <param name="a">A curve.</param>
    /// <param name="b">Another.</param>
    /// <param name="window">The widest shift in points; null for any.</param>
    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int? window = null)
    {
        double[,] costs = Costs(a, b, window);
        return Math.Sqrt(costs[a.Length, b.Length]);
    }

    /// <summary>
    /// The pairs (i, j) of the best path, from the start; where several are as good, the diagonal step is preferred, then that along a.
    /// </summary>
    public static IReadOnlyList<(int A, int B)> Path(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int? window = null)
    {
        double[,] costs = Costs(a, b, window);
        List<(int A, int B)> path = [];
        (int i, int j) = (a.Length, b.Length);
        while (i > 0 && j > 0)
        {
            path.Add((i - 1, j - 1));
            (double diagonal, double up, double left) = (costs[i - 1, j - 1], costs[i - 1, j], costs[i, j - 1]);
            (i, j) =
                diagonal <= up && diagonal <= left ? (i - 1, j - 1)
                : up <= left ? (i - 1, j)
                : (i, j - 1);
        }

        path.Reverse();
        return path;
    }

    /// <summary>Row and column 0 stand before the curves: infinite but at the corner.</summary>
    private static double[,] Costs(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int? window)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            throw new ArgumentException("A curve has no points.");
        }

        // A narrower window than the difference in length would let no path through.
        int reach = Math.Max(window ?? Math.Max(a.Length, b.Length), Math.Abs(a.Length - b.Length));
        double[,] costs = new double[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                bool inside = i > 0 && j > 0 && Math.Abs(i - j) <= reach;
                costs[i, j] =
                    inside
                        ? ((a[i - 1] - b[j - 1]) * (a[i - 1] - b[j - 1]))
                            + Math.Min(costs[i - 1, j - 1], Math.Min(costs[i - 1, j], costs[i, j - 1]))
                    : i == 0 && j == 0 ? 0
                    : double.PositiveInfinity;
            }
        }

        return costs;
    }
}
