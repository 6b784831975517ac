using System.Globalization;
using Curie.Numerics;
using Curie.Response.Maps;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Says what the clusters of a map of tokens hold.</summary>
internal static class MapView
{
    private const int Shown = 12;

    /// <summary>Draws one line per cluster, the largest first.</summary>
    public static void Draw(IAnsiConsole console, TokenMap map, IReadOnlyList<MapCluster> clusters)
    {
        console.Heading(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Clusters of {Counted.Of(map.Token.Length, "token")} by their responses to all components: {clusters.Count}, modularity "
                    + $"{map.Modularity:0.00}"
            )
        );
        console.WriteLine();
        foreach (MapCluster cluster in clusters.Take(Shown))
        {
            string pattern = cluster.Pattern is null
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $", most of all {cluster.Pattern}: {NumberScale.Percent(cluster.Share)} of them (of all "
                        + $"{NumberScale.Percent(cluster.BaseRate)})"
                );
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {cluster.Cluster, 3}  {cluster.Tokens, 6} tokens{pattern}"));
        }

        if (clusters.Count > Shown)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … and {clusters.Count - Shown} smaller ones"));
        }

        console.Note(
            "Communities of the nearest-neighbour graph (greedy modularity); every such graph has some. Places and clusters are in "
                + $"{TokenMap.FileName} of the run folder."
        );
    }
}
