using Curie.Development.Roles;
using Curie.Development.Scores;
using Curie.Numerics;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Studies.Conclusions;

/// <summary>A run in a sentence that can stand over a page.</summary>
public static class RunTitle
{
    private const int MostNamed = 3;

    /// <summary>Which heads have which role, or where that is not known, or none has, what was measured on what.</summary>
    /// <param name="run">The run.</param>
    /// <param name="roles">What its model's heads attend to; null where that is not known.</param>
    public static string Of(RunManifest run, AttentionRoles? roles)
    {
        ArgumentNullException.ThrowIfNull(run);
        string[] known =
        [
            .. Named(roles?.PreviousTokenHeads ?? [], "attends to the previous token", "attend to the previous token"),
            .. Named(roles?.InductionHeads ?? [], "does induction", "do induction"),
        ];
        if (known.Length > 0)
        {
            return string.Join("; ", known);
        }

        int heads = run.Components.Count(HeadName.Is);
        string what = heads == run.Components.Count ? Counted.Of(heads, "attention head") : Counted.Of(run.Components.Count, "component");
        string answer = Counted.Word(run.Components.Count, "answers", "answer");
        return $"How {what} {answer} {Counted.Of(run.ProbeNames.Count, "kind")} of text";
    }

    private static IEnumerable<string> Named(IReadOnlyList<HeadScore> heads, string one, string several)
    {
        if (heads.Count == 0)
        {
            return [];
        }

        string[] names = [.. heads.Take(heads.Count <= MostNamed ? MostNamed : MostNamed - 1).Select(head => head.Component)];
        string all =
            heads.Count > names.Length ? $"{string.Join(", ", names)} and {heads.Count - names.Length} more" : EstimateText.List(names);
        return [$"{all} {(heads.Count == 1 ? one : several)}"];
    }
}
