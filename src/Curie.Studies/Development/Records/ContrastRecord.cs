namespace Curie.Studies.Development.Records;

/// <summary>What sets the clusters of a group apart.</summary>
/// <param name="Group">The group.</param>
/// <param name="Data">The data set.</param>
/// <param name="Step">The checkpoint of the scores.</param>
/// <param name="Scores">The scores.</param>
public sealed record ContrastRecord(string Group, string Data, double Step, IReadOnlyList<ContrastScore> Scores)
{
    internal static ContrastRecord Of(ClusterContrasts contrasts) =>
        new(
            contrasts.Group,
            contrasts.Data,
            contrasts.Step,
            [
                .. contrasts.Scores.Zip(contrasts.Q, (contrast, q) =>
                    new ContrastScore(contrast.Score, contrast.Means, contrast.Share, contrast.PValue, q)
                ),
            ]
        );
}
