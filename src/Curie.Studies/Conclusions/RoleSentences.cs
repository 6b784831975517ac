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
            "No head attends to the previous token",
            explains: true
        );
        yield return Sentence(
            roles.PrefixMatching,
            roles.InductionHeads,
            ("does", "do"),
            "induction: attention to what followed the same token earlier",
            "No head does induction (attention to what followed the same token earlier)",
            explains: roles.PreviousTokenHeads.Count == 0
        );
    }

    /// <summary>The same in one sentence without figures, where they stand above.</summary>
    public static string Brief(AttentionRoles roles)
    {
        string previous = Heads(roles.PreviousTokenHeads, "attends", "attend");
        string induction = Heads(roles.InductionHeads, "does", "do");
        return $"As above, {previous} to the previous token, and {induction} induction.";

        static string Heads(IReadOnlyList<HeadScore> heads, string one, string several) =>
            heads.Count == 0 ? $"no head {one}" : $"{Named(heads)} {(heads.Count == 1 ? one : several)}";
    }

    private static string Named(IReadOnlyList<HeadScore> heads)
    {
        string[] named = [.. heads.Take(MostNamed).Select(head => head.Component)];
        return EstimateText.List(named) + (heads.Count > MostNamed ? $" and {heads.Count - MostNamed} more" : "");
    }

    private static string Sentence(
        IReadOnlyList<HeadScore> scores,
        IReadOnlyList<HeadScore> heads,
        (string One, string Several) verb,
        string what,
        string none,
        bool explains
    )
    {
        HeadScore? next = scores.Except(heads).MaxBy(score => score.Value);
        if (heads.Count == 0)
        {
            return next is null
                ? $"{none}."
                : $"{none} with more than a third of its attention; the most is {Score(next)} of {next.Component}.";
        }

        string scored =
            heads.Count == 1
                ? $"{Score(heads[0])} of its attention"
                : $"{Score(heads[0])} ({heads[0].Component}) down to {Score(heads[^1])} ({heads[^1].Component}) of their attention";
        string others = next is null ? "" : $"; no other head above {Score(next)} ({next.Component})";
        return $"{Named(heads)} {(heads.Count == 1 ? verb.One : verb.Several)} {what}, {scored}"
            + (explains ? " (± standard error over random sequences; it counts from a third on)" : "")
            + $"{others}.";
    }

    private static string Score(HeadScore score) => EstimateText.Of(score.Value, score.StandardError);
}
