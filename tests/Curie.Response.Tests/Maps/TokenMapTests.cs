using Curie.Numerics.Files;
using Curie.Response.Maps;
using Curie.Response.Patterns;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;
using Curie.Response.Tests.Reproducibility;
using Curie.Tests;

namespace Curie.Response.Tests.Maps;

public sealed class TokenMapTests
{
    private const int Tokens = 300;

    [Fact]
    public void Neighbours_are_those_of_a_full_search_and_ties_go_to_the_lower_index()
    {
        System.Random random = new(1);
        float[][] points =
        [
            .. Enumerable.Range(0, 80).Select(_ => new[] { random.NextSingle(), random.NextSingle(), random.NextSingle() }),
        ];
        NeighbourGraph graph = NeighbourGraph.Of(points, 7);
        for (int i = 0; i < points.Length; i++)
        {
            int[] expected =
            [
                .. Enumerable
                    .Range(0, points.Length)
                    .Where(j => j != i)
                    .OrderBy(j => points[i].Zip(points[j], (x, y) => (x - y) * (x - y)).Sum())
                    .ThenBy(j => j)
                    .Take(7),
            ];
            Assert.Equal(expected, graph.Neighbours[i]);
            Assert.Equal(graph.Distances[i].Order(), graph.Distances[i]);
        }

        NeighbourGraph line = NeighbourGraph.Of(
            [
                [0f],
                [1f],
                [2f],
                [3f],
            ],
            2
        );
        Assert.Equal([0, 2], line.Neighbours[1]);
        Assert.Equal([1f, 2f], line.Distances[0]);
        Assert.Equal(
            3,
            NeighbourGraph
                .Of(
                    [
                        [0f],
                        [1f],
                        [2f],
                        [3f],
                    ],
                    9
                )
                .Neighbours[0]
                .Length
        );
    }

    [Fact]
    public void Strengths_sum_to_the_logarithm_of_the_number_of_neighbours()
    {
        double[] strengths = FuzzyGraph.Strengths([0.5f, 0.9f, 1.3f, 2f, 2.5f, 3f, 3.1f, 4f]);
        Assert.Equal(1, strengths[0]);
        Assert.Equal(3, strengths.Sum(), 1e-9);
        Assert.Equal(strengths.OrderDescending(), strengths);
    }

    [Fact]
    public void Two_cliques_joined_by_one_edge_are_two_communities_with_the_modularity_of_the_formula()
    {
        List<(int, int, double)> edges = [];
        foreach (int first in new[] { 0, 4 })
        {
            for (int i = first; i < first + 4; i++)
            {
                for (int j = i + 1; j < first + 4; j++)
                {
                    edges.Add((i, j, 1));
                }
            }
        }

        edges.Add((3, 4, 1));
        FuzzyGraph graph = new(edges, 8);
        int[] communities = GraphClusters.Of(graph);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], communities);

        // 12 of 13 edges inside, each side with half of all strength.
        Assert.Equal((12.0 / 13) - 0.5, GraphClusters.Modularity(graph, communities), 1e-12);
    }

    [Fact]
    public void Three_planted_kinds_of_tokens_stand_apart_on_the_map_and_as_clusters()
    {
        SusceptibilityRun run = Planted();
        TokenMap map = TokenMap.Of(run, new TokenMapOptions { Seed = 2 });
        Assert.Equal(Enumerable.Range(0, Tokens), map.Token);
        for (int i = 0; i < Tokens; i++)
        {
            for (int j = 0; j < i; j += 7)
            {
                Assert.True(map.Cluster[i] != map.Cluster[j] || i % 3 == j % 3, $"{i} and {j} share a cluster");
            }
        }

        // Every token's nearest on the map is of its own kind.
        float[][] places = [.. map.X.Zip(map.Y, (x, y) => new[] { x, y })];
        int[][] nearest = NeighbourGraph.Of(places, 1).Neighbours;
        Assert.All(Enumerable.Range(0, Tokens), i => Assert.Equal(i % 3, nearest[i][0] % 3));
        Assert.InRange(map.Modularity, 0.6, 1);

        TokenMap again = TokenMap.Of(run, new TokenMapOptions { Seed = 2 });
        Assert.Equal(map.X, again.X);
        Assert.Equal(map.Cluster, again.Cluster);
        Assert.Equal(50, TokenMap.Of(run, new TokenMapOptions { Tokens = 50 }).Token.Length);
    }

    [Fact]
    public void Clusters_name_their_pattern_and_the_file_reads_back()
    {
        TokenMap map = TokenMap.Of(Planted(), new TokenMapOptions());
        TokenClasses classes = new(["first", "second"], [Kind(0), Kind(1)], []);
        IReadOnlyList<MapCluster> clusters = map.Clusters(classes);
        Assert.Equal(Tokens, clusters.Sum(cluster => cluster.Tokens));
        Assert.Contains(clusters, cluster => cluster is { Pattern: "second", Share: 1 });
        Assert.All(clusters, cluster => Assert.Equal(1.0 / 3, cluster.BaseRate, 1e-9));

        using TemporaryFolder folder = new();
        map.Write(folder.Path, classes, Tokens);
        using NpzReader reader = NpzFile.Open(folder.File(TokenMap.FileName));
        using NpyArray<float> places = reader.Read<float>("map_xy");
        Assert.Equal([Tokens, 2], reader.ReadHeader("map_xy").Shape);
        Assert.Equal(map.Y[3], places.Span[7]);
        using NpyArray<int> patterns = reader.Read<int>("token_pattern");
        Assert.Equal([0, 1, -1, 0], patterns.Span[..4].ToArray());
    }

    private static bool[] Kind(int kind) => [.. Enumerable.Range(0, Tokens).Select(i => i % 3 == kind)];

    private static SusceptibilityRun Planted()
    {
        double[,] centres =
        {
            { 4, 0, 0, 1 },
            { 0, 4, 0, 1 },
            { 0, 0, 4, -2 },
        };
        System.Random random = new(5);
        double[] noise = [.. Enumerable.Range(0, 4 * Tokens).Select(_ => 0.2 * LossTrace.Gaussian(random))];
        return SyntheticRun.Of(
            (c, i) => centres[i % 3, c] + noise[(c * Tokens) + i],
            noise: 0,
            components: 4,
            Tokens,
            chains: 1,
            batches: 2,
            seed: 6
        );
    }
}
