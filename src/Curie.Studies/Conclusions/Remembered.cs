using Curie.Development.Roles;
using Curie.Development.Scores;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Studies.Conclusions;

/// <summary>
/// The one thing to remember of a run: which heads have which role, how sure that is, and whether the response shows it by itself.
/// </summary>
public static class Remembered
{
    /// <summary>One sentence.</summary>
    /// <param name="run">The run.</param>
    /// <param name="roles">What its model's heads attend to.</param>
    public static string Of(SusceptibilityRun run, AttentionRoles roles)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(roles);
        (IReadOnlyList<HeadScore> previous, IReadOnlyList<HeadScore> induction) = (roles.PreviousTokenHeads, roles.InductionHeads);
        if (previous.Count == 0 && induction.Count == 0)
        {
            return "no head of this model has taken a role yet: none gives a third of its attention to the previous token or to what "
                + "followed "
                + "the same token earlier.";
        }

        string[] named = [.. Named(previous, "previous-token head"), .. Named(induction, "induction head")];
        double margin = previous.Concat(induction).Min(head => (head.Value - AttentionRoles.Outstanding) / head.StandardError);
        string missing =
            previous.Count == 0 ? "; no head attends to the previous token by a third of its attention"
            : induction.Count == 0 ? "; no head does induction yet"
            : "";
        return $"{string.Join(", and ", named)}, each at least {EstimateText.Of(margin, 2)} standard errors above a third of its "
            + $"attention{missing}; "
            + Response(run, roles);
    }

    private static IEnumerable<string> Named(IReadOnlyList<HeadScore> heads, string role) =>
        heads.Count == 0
            ? []
            :
            [
                $"{EstimateText.List([.. heads.Select(head => head.Component)])} "
                    + $"{(heads.Count == 1 ? $"is the {role}" : $"are the {role}s")}",
            ];

    private static string Response(SusceptibilityRun run, AttentionRoles roles) =>
        ModeSentences.Find(run, roles) is not { } found ? "whether the response shows this by itself is not known."
        : !found.Shows ? "the response does not show this by itself."
        : found.Before is { } before
            ? $"the response finds that order without looking at attention (|r| = {NumberScale.Two(found.Sampled.PrefixMatching)} "
                + $"of a mode's loadings with prefix matching), and so do draws that never feel the loss (|r| = "
                + $"{NumberScale.Two(before.PrefixMatching)})."
        : $"the response finds that order without looking at attention (|r| = {NumberScale.Two(found.Sampled.PrefixMatching)} of "
            + "a mode's loadings with prefix matching).";
}
