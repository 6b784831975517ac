namespace Curie.Response.Maps;

/// <summary>
/// Communities of a weighted graph by greedy modularity (Blondel, Guillaume, Lambiotte and Lefebvre 2008): points move, in order, to the
/// neighbouring community
/// that raises modularity most, until none does; communities become the points of a smaller graph, and so on. No chance is in it.
/// </summary>
internal static class GraphClusters
{
    private const int MaxPasses = 50;
    private const double LeastGain = 1e-12;

    /// <summary>The community of every point, numbered from 0 by falling size, of equal ones by their first point.</summary>
    public static int[] Of(FuzzyGraph graph)
    {
        int[] community = [.. Enumerable.Range(0, graph.Points)];
        List<(int First, int Second, double Weight)> edges = [.. graph.Edges];
        int points = graph.Points;
        while (true)
        {
            (int[] moved, int count) = Move(edges, points);
            for (int i = 0; i < community.Length; i++)
            {
                community[i] = moved[community[i]];
            }

            if (count == points)
            {
                return Numbered(community);
            }

            edges =
            [
                .. edges
                    .GroupBy(edge => (Math.Min(moved[edge.First], moved[edge.Second]), Math.Max(moved[edge.First], moved[edge.Second])))
                    .OrderBy(group => group.Key)
                    .Select(group => (group.Key.Item1, group.Key.Item2, group.Sum(edge => edge.Weight))),
            ];
            points = count;
        }
    }

    /// <summary>
    /// Modularity Σ_c [w_c/W − (k_c/2W)²], w_c the weight inside community c, k_c the strength of its points and W all weight.
    /// </summary>
    public static double Modularity(FuzzyGraph graph, int[] community)
    {
        double total = graph.Edges.Sum(edge => edge.Weight);
        double inside = graph.Edges.Where(edge => community[edge.First] == community[edge.Second]).Sum(edge => edge.Weight);
        double[] strengths = new double[community.Max() + 1];
        foreach ((int first, int second, double weight) in graph.Edges)
        {
            strengths[community[first]] += weight;
            strengths[community[second]] += weight;
        }

        return (inside / total) - strengths.Sum(strength => strength * strength / (4 * total * total));
    }

    private static (int[] Community, int Count) Move(List<(int First, int Second, double Weight)> edges, int points)
    {
        List<(int Other, double Weight)>[] neighbours = [.. Enumerable.Range(0, points).Select(_ => new List<(int, double)>())];
        double[] strength = new double[points];
        double total = 0;
        foreach ((int first, int second, double weight) in edges)
        {
            strength[first] += weight;
            strength[second] += weight;
            total += weight;
            if (first != second)
            {
                neighbours[first].Add((second, weight));
                neighbours[second].Add((first, weight));
            }
        }

        int[] community = [.. Enumerable.Range(0, points)];
        double[] size = [.. strength];
        bool moving = true;
        for (int pass = 0; moving && pass < MaxPasses; pass++)
        {
            moving = false;
            for (int i = 0; i < points; i++)
            {
                int best = Best(i, neighbours[i], community, size, strength[i], total);
                moving |= best != community[i];
                size[community[i]] -= strength[i];
                size[best] += strength[i];
                community[i] = best;
            }
        }

        Dictionary<int, int> numbers = [];
        foreach (int one in community)
        {
            numbers.TryAdd(one, numbers.Count);
        }

        return (Array.ConvertAll(community, one => numbers[one]), numbers.Count);
    }

    private static int Best(
        int point,
        List<(int Other, double Weight)> neighbours,
        int[] community,
        double[] size,
        double strength,
        double total
    )
    {
        SortedDictionary<int, double> links = new() { [community[point]] = 0 };
        foreach ((int other, double weight) in neighbours)
        {
            links[community[other]] = links.GetValueOrDefault(community[other]) + weight;
        }

        int own = community[point];
        double Gain(int target) => links[target] - (strength * (size[target] - (target == own ? strength : 0)) / (2 * total));
        int best = own;
        double most = Gain(own);
        foreach (int target in links.Keys)
        {
            double gain = Gain(target);
            if (gain > most + LeastGain)
            {
                (best, most) = (target, gain);
            }
        }

        return best;
    }

    private static int[] Numbered(int[] community)
    {
        Dictionary<int, int> numbers = community
            .Select((one, i) => (One: one, Place: i))
            .GroupBy(pair => pair.One)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.First().Place)
            .Select((group, number) => KeyValuePair.Create(group.Key, number))
            .ToDictionary();
        return Array.ConvertAll(community, one => numbers[one]);
    }
}
