using Curie.Development.Roles;
using Curie.Development.Scores;

namespace Curie.Studies.Conclusions;

/// <summary>Says which heads attend to the previous token and which do induction.</summary>
internal static class RoleSentences
{
    private const int MostNamed = 8;

    /// <summary>Two sentences.</summary>
    public static IEnumerable<string> Of(AttentionRoles roles)
    {
        yield return Sentence(
            roles.PreviousToken,
            roles.PreviousTokenHeads,
            ("attends", "attend"),
            "to the previous token",
            "No head attends to the previous token"
        );
        yield return Sentence(
            roles.PrefixMatching,
            roles.InductionHeads,
            ("does", "do"),
            "induction: attention to what followed the same token earlier",
            "No head does induction (attention to what followed the same token earlier)"
        );
    }

    private static string Sentence(
        IReadOnlyList<HeadScore> scores,
        IReadOnlyList<HeadScore> heads,
        (string One, string Several) verb,
        string what,
        string none
    )
    {
        HeadScore? next = scores.Except(heads).MaxBy(score => score.Value);
        if (heads.Count == 0)
        {
            return next is null
                ? $"{none}."
                : $"{none} with more than a third of its attention; the most is {Score(next)} of {next.Component}.";
        }

        string[] named = [.. heads.Take(MostNamed).Select(head => head.Component)];
        string more = heads.Count > MostNamed ? $" and {heads.Count - MostNamed} more" : "";
        string scored =
            heads.Count == 1
                ? $"{Score(heads[0])} of its attention"
                : $"{Score(heads[0])} ({heads[0].Component}) down to {Score(heads[^1])} ({heads[^1].Component}) of their attention";
        string others = next is null ? "" : $"; no other head above {Score(next)} ({next.Component})";
        return $"{EstimateText.List(named)}{more} {(heads.Count == 1 ? verb.One : verb.Several)} {what}, {scored} (± standard error over "
            + $"random sequences; it counts from a third on){others}.";
    }

    private static string Score(HeadScore score) => EstimateText.Of(score.Value, score.StandardError);
}
