namespace Curie.Response.Maps;

/// <summary>
/// UMAP's weighted graph (McInnes, Healy and Melville 2018): for point i with distances d_ij to its neighbours, ρ_i the least of them above
/// 0,
/// <code>
/// p_ij = exp(−max(0, d_ij − ρ_i)/σ_i),   σ_i such that Σ_j p_ij = log₂ k,   w_ij = p_ij + p_ji − p_ij·p_ji
/// </code>
/// </summary>
/// <param name="Edges">Pairs i &lt; j and their weights, in order of i and j.</param>
/// <param name="Points">The number of points.</param>
internal sealed record FuzzyGraph(IReadOnlyList<(int First, int Second, double Weight)> Edges, int Points)
{
    private const int Bisections = 64;

    public static FuzzyGraph Of(NeighbourGraph graph)
    {
        SortedDictionary<(int, int), (double Forth, double Back)> pairs = [];
        for (int i = 0; i < graph.Neighbours.Length; i++)
        {
            double[] strengths = Strengths(graph.Distances[i]);
            for (int n = 0; n < strengths.Length; n++)
            {
                int j = graph.Neighbours[i][n];
                (int, int) key = i < j ? (i, j) : (j, i);
                (double forth, double back) = pairs.GetValueOrDefault(key);
                pairs[key] = i < j ? (strengths[n], back) : (forth, strengths[n]);
            }
        }

        return new FuzzyGraph(
            [
                .. pairs
                    .Select(pair =>
                        (pair.Key.Item1, pair.Key.Item2, pair.Value.Forth + pair.Value.Back - (pair.Value.Forth * pair.Value.Back))
                    )
                    .Where(edge => edge.Item3 > 0),
            ],
            graph.Neighbours.Length
        );
    }

    /// <summary>p of one point's neighbours.</summary>
    internal static double[] Strengths(float[] distances)
    {
        double nearest = distances.FirstOrDefault(distance => distance > 0);
        double target = Math.Log2(Math.Max(2, distances.Length));
        double low = 0;
        double high = double.PositiveInfinity;
        double scale = 1;
        for (int i = 0; i < Bisections; i++)
        {
            if (distances.Sum(distance => Strength(distance, nearest, scale)) > target)
            {
                high = scale;
                scale = (low + high) / 2;
            }
            else
            {
                low = scale;
                scale = double.IsPositiveInfinity(high) ? 2 * scale : (low + high) / 2;
            }
        }

        return [.. distances.Select(distance => Strength(distance, nearest, scale))];
    }

    private static double Strength(float distance, double nearest, double scale) =>
        distance <= nearest ? 1 : Math.Exp(-(distance - nearest) / scale);
}
