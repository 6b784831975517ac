using Curie.Development.Clustering;
using Curie.Development.Scores;
using Curie.Numerics;
using Curie.Response.Patterns;

namespace Curie.Studies.Development;

/// <summary>What sets the clusters of a group of heads apart in their scores.</summary>
/// <param name="Group">The group, as <see cref="HeadClusters"/> names it.</param>
/// <param name="Data">The data set.</param>
/// <param name="Step">The checkpoint of the scores.</param>
/// <param name="Scores">Every score that all heads have, and that differs between them; the largest share of variance first.</param>
/// <param name="Q">Their p adjusted for all scores of all groups (Benjamini and Hochberg 1995).</param>
public sealed record ClusterContrasts(
    string Group,
    string Data,
    double Step,
    IReadOnlyList<ClusterContrast> Scores,
    IReadOnlyList<double> Q
)
{
    /// <summary>Compares all groups.</summary>
    /// <param name="step">The checkpoint of the scores.</param>
    /// <param name="scores">The heads' scores.</param>
    /// <param name="groups">The clusters.</param>
    /// <param name="seed">The seed of the permutations.</param>
    /// <exception cref="InputException">No score is there for all heads of a group.</exception>
    public static IReadOnlyList<ClusterContrasts> Of(
        double step,
        IReadOnlyList<HeadScoreValues> scores,
        IReadOnlyList<HeadClusters> groups,
        long seed
    )
    {
        ArgumentNullException.ThrowIfNull(groups);
        ClusterContrast[][] found = [.. groups.Select(group => Compare(scores, group, seed))];
        double[] q = FalseDiscovery.Adjust([.. found.SelectMany(one => one).Select(contrast => contrast.PValue)]);
        List<ClusterContrasts> result = [];
        int from = 0;
        foreach ((HeadClusters group, ClusterContrast[] contrasts) in groups.Zip(found))
        {
            int to = from + contrasts.Length;
            result.Add(new ClusterContrasts(group.Group, group.Data, step, contrasts, q[from..to]));
            from = to;
        }

        return result;
    }

    private static ClusterContrast[] Compare(IReadOnlyList<HeadScoreValues> scores, HeadClusters group, long seed)
    {
        HeadScoreValues[] complete = [.. scores.Where(score => group.Components.All(score.Values.ContainsKey))];
        if (complete.Length == 0)
        {
            throw new InputException(
                $"the scores have no score of all of {string.Join(", ", group.Components)} at their last step; give the scores of the "
                    + "same model."
            );
        }

        return
        [
            .. complete
                .Select(score =>
                    ClusterContrast.Of(score.Score, [.. group.Components.Select(head => score.Values[head])], group.Clusters.Labels, seed)
                )
                .OfType<ClusterContrast>()
                .OrderByDescending(contrast => contrast.Share),
        ];
    }
}
