namespace Curie.Response.Patterns;

/// <summary>
/// Many tests at once (Benjamini and Hochberg 1995): q is the smallest share of false discoveries at which a test counts as one.
/// </summary>
public static class FalseDiscovery
{
    /// <summary>q_(k) = min_{j ≥ k} p_(j)·m/j over the m tests that have a p; NaN where p is NaN.</summary>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        ArgumentNullException.ThrowIfNull(p);
        int[] order = [.. Enumerable.Range(0, p.Count).Where(i => !double.IsNaN(p[i])).OrderByDescending(i => p[i])];
        double[] q = new double[p.Count];
        Array.Fill(q, double.NaN);
        double least = 1;
        for (int k = 0; k < order.Length; k++)
        {
            least = Math.Min(least, p[order[k]] * order.Length / (order.Length - k));
            q[order[k]] = least;
        }

        return q;
    }
}
