using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Response.Accumulation;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Patterns;
using Curie.Response.Runs;

namespace Curie.Response.Maps;

/// <summary>One cluster of the map.</summary>
/// <param name="Cluster">Its number, from 0 by falling size.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Pattern">The pattern that is most over-represented in it, by share less base rate; null where there are no
/// patterns.</param>
/// <param name="Share">The pattern's share of the cluster.</param>
/// <param name="BaseRate">The pattern's share of the map.</param>
public sealed record MapCluster(int Cluster, int Tokens, string? Pattern, double Share, double BaseRate);

/// <summary>
/// Tokens in the plane, near one another where all components respond to them alike: a UMAP layout of the tokens' vectors with one response
/// per component, and
/// communities of the same neighbour graph.
/// </summary>
/// <param name="Token">The tokens on the map, rising, as indices into the run's tokens.</param>
/// <param name="X">One coordinate of each.</param>
/// <param name="Y">The other.</param>
/// <param name="Cluster">The cluster of each.</param>
/// <param name="Modularity">Of the clusters: near 0 where the graph has none.</param>
public sealed record TokenMap(int[] Token, float[] X, float[] Y, int[] Cluster, double Modularity)
{
    /// <summary>The file's name in a run folder.</summary>
    public const string FileName = "map.npz";

    /// <summary>Maps a run.</summary>
    /// <exception cref="InputException">No component has an estimate that varies, or there are fewer than four tokens.</exception>
    public static TokenMap Of(SusceptibilityRun run, TokenMapOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        int[] components = [.. ComponentTokens.Strongest(run, options.View.Part).Order()];
        (int start, int count) = options.View.TokensOf(run.Data.Tokens);
        if (components.Length == 0 || count < 4)
        {
            throw new InputException(
                "a map needs at least four tokens and a component that varies over them; choose another part or more tokens."
            );
        }

        IReadOnlyList<ReadOnlyMemory<float>> rows = options.View.Rows(run, components);
        int[] chosen = TokenSample.Choose(count, options.Seed, options.Tokens);
        float[][] points = [.. chosen.Select(i => rows.Select(row => row.Span[i]).ToArray())];
        FuzzyGraph graph = FuzzyGraph.Of(NeighbourGraph.Of(points, options.Neighbours));
        double[][] layout = MapLayout.Of(graph, Start(points), options.Seed);
        int[] clusters = GraphClusters.Of(graph);
        return new TokenMap(
            [.. chosen.Select(i => start + i)],
            [.. layout.Select(point => (float)point[0])],
            [.. layout.Select(point => (float)point[1])],
            clusters,
            GraphClusters.Modularity(graph, clusters)
        );
    }

    /// <summary>The clusters and their patterns.</summary>
    public IReadOnlyList<MapCluster> Clusters(TokenClasses classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        double[] rates = [.. classes.Members.Select(members => Token.Count(token => members[token]) / (double)Token.Length)];
        return
        [
            .. Enumerable
                .Range(0, Token.Length)
                .GroupBy(i => Cluster[i])
                .OrderBy(cluster => cluster.Key)
                .Select(cluster =>
                {
                    int size = cluster.Count();
                    double[] shares = [.. classes.Members.Select(members => cluster.Count(i => members[Token[i]]) / (double)size)];
                    int best = shares.Length == 0 ? -1 : Enumerable.Range(0, shares.Length).MaxBy(p => shares[p] - rates[p]);
                    return best < 0
                        ? new MapCluster(cluster.Key, size, null, double.NaN, double.NaN)
                        : new MapCluster(cluster.Key, size, classes.Names[best], shares[best], rates[best]);
                }),
        ];
    }

    /// <summary>
    /// Writes `map.npz`: `map_token`, `map_xy` (tokens × 2), `map_cluster`, and `token_pattern`, each run token's first pattern or −1.
    /// </summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="classes">The patterns of the run's tokens.</param>
    /// <param name="tokens">How many tokens the run has.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public void Write(string folder, TokenClasses classes, int tokens)
    {
        ArgumentNullException.ThrowIfNull(classes);
        float[] places = [.. X.Zip(Y, (x, y) => new[] { x, y }).SelectMany(point => point)];
        int[] patterns = classes.First(tokens);
        NpzFile.Write(Path.Combine(folder, FileName), NpzCompression.Stored, writer =>
        {
            writer.Add<int>("map_token", Token, [Token.Length]);
            writer.Add<float>("map_xy", places, [Token.Length, 2]);
            writer.Add<int>("map_cluster", Cluster, [Token.Length]);
            writer.Add<int>("token_pattern", patterns, [patterns.Length]);
        });
    }

    /// <summary>The first two principal components, so that the layout keeps the large distances.</summary>
    private static double[][] Start(float[][] points)
    {
        int dimensions = points[0].Length;
        if (dimensions < 2)
        {
            return [.. points.Select(point => new double[] { point[0], 0 })];
        }

        ReadOnlyMemory<float>[] rows =
        [
            .. Enumerable.Range(0, dimensions).Select(d => (ReadOnlyMemory<float>)points.Select(point => point[d]).ToArray()),
        ];
        ModeAnalysis modes = ModeAnalysis.Compute([.. Enumerable.Range(0, dimensions).Select(d => $"{d}")], rows);
        return [.. modes.Scores(0).Zip(modes.Scores(1), (x, y) => new[] { x, y })];
    }
}
