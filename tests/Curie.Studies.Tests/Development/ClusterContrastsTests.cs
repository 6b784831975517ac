using Curie.Development.Clustering;
using Curie.Development.Scores;
using Curie.Response.Patterns;
using Curie.Studies.Development;

namespace Curie.Studies.Tests.Development;

public sealed class ClusterContrastsTests
{
    private static readonly string[] First = ["l0h0", "l0h1", "l0h2", "l0h3", "l0h4", "l0h5"];
    private static readonly string[] Second = ["l1h0", "l1h1", "l1h2", "l1h3", "l1h4", "l1h5"];

    /// <summary>The least p of three scores in two groups becomes three times as large, not twice.</summary>
    [Fact]
    public void Q_is_over_the_scores_of_all_groups()
    {
        HeadScoreValues[] scores =
        [
            Score("near", First, 0, 0.1, 0.2, 5, 5.1, 5.2),
            Score("mixed", First, 1, 3, 2, 3, 1, 2),
            Score("other", Second, 1, 2, 3, 1.5, 2.5, 3.5),
        ];
        HeadClusters[] groups = [Group("l0", First), Group("l1", Second)];

        IReadOnlyList<ClusterContrasts> found = ClusterContrasts.Of(100, [.. scores], groups, seed: 1);

        Assert.Equal(["near", "mixed"], found[0].Scores.Select(contrast => contrast.Score));
        Assert.Equal(["other"], found[1].Scores.Select(contrast => contrast.Score));
        Assert.Equal(
            FalseDiscovery.Adjust([.. found.SelectMany(group => group.Scores).Select(contrast => contrast.PValue)]),
            found.SelectMany(group => group.Q)
        );
        Assert.Equal(Math.Min(1, 3 * found[0].Scores[0].PValue), found[0].Q[0], 12);
    }

    private static HeadScoreValues Score(string name, string[] heads, params double[] values) =>
        new(name, heads.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second));

    /// <summary>Three heads whose curves rise and three whose curves fall.</summary>
    private static HeadClusters Group(string name, string[] heads)
    {
        double[][] curves = [.. Enumerable.Range(0, 6).Select(head => Enumerable.Range(0, 8).Select(x => Curve(head, x)).ToArray())];
        return new HeadClusters(name, "", heads, CurveClustering.Of(curves, new CurveClusteringOptions { Clusters = 2 }));
    }

    private static double Curve(int head, int x) => (head < 3 ? x : -x) + (0.1 * Math.Sin(head + x));
}
