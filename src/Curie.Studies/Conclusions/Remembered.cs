using Curie.Development.Effects;
using Curie.Development.Roles;
using Curie.Development.Scores;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Studies.Analysis;

namespace Curie.Studies.Conclusions;

/// <summary>
/// The one thing to remember of a run: which heads have which role, how sure that is, and whether the response shows it by itself.
/// </summary>
public static class Remembered
{
    /// <summary>The heads; what the response finds of them, with its interval, p and what is to be taken with care; the control.</summary>
    /// <param name="found">The run, what its heads attend to, and its control.</param>
    /// <exception cref="ArgumentException">What heads attend to is not known.</exception>
    public static string Of(RunFindings found)
    {
        ArgumentNullException.ThrowIfNull(found);
        AttentionRoles roles = found.Roles ?? throw new ArgumentException("What heads attend to is not known.", nameof(found));
        (IReadOnlyList<HeadScore> previous, IReadOnlyList<HeadScore> induction) = (roles.PreviousTokenHeads, roles.InductionHeads);
        if (previous.Count == 0 && induction.Count == 0)
        {
            return "no head of this model has taken a role yet: none gives a third of its attention to the previous token or to what "
                + "followed the same token earlier.";
        }

        string[] named = [.. Named(previous, "previous-token head"), .. Named(induction, "induction head")];
        double margin = previous.Concat(induction).Min(head => (head.Value - AttentionRoles.Outstanding) / head.StandardError);
        string missing =
            previous.Count == 0 ? "; no head attends to the previous token by a third of its attention"
            : induction.Count == 0 ? "; no head does induction yet"
            : "";
        return $"{string.Join(", and ", named)}, each at least {EstimateText.Of(margin, 2)} standard errors above a third of its "
            + $"attention{missing}. "
            + Response(found);
    }

    private static IEnumerable<string> Named(IReadOnlyList<HeadScore> heads, string role) =>
        heads.Count == 0
            ? []
            :
            [
                $"{EstimateText.List([.. heads.Select(head => head.Component)])} "
                    + $"{(heads.Count == 1 ? $"is the {role}" : $"are the {role}s")}",
            ];

    private static string Response(RunFindings findings)
    {
        if (findings.Agreement(ResponsePart.Excess) is not { } found)
        {
            return "Whether the response shows this by itself is not known.";
        }

        if (!found.Shows)
        {
            return "The response does not show this by itself.";
        }

        string exceptions = findings.Roles is { } roles ? ModeSentences.Exceptions(findings.Run, roles, found) : "";
        string care = ChainWarnings.First(findings.Run.Manifest, findings.Run.Manifest.Components.Where(HeadName.Is)) is { } note
            ? $"; with care, {note}"
            : "";
        string without = found.Before is { } before
            ? $" Draws that never feel the loss give |r| = {R(before)}: {ModeSentences.Added(found.Sampled, before)}"
            : "";
        return $"The response, which does not look at attention, goes with the prefix matching of {RunWords.Title(found.Sampled.Group)}"
            + $"{exceptions}: |r| = {R(found.Sampled)} of the loadings of mode {found.Sampled.Mode} of the excess "
            + $"(p = {EstimateText.Of(found.P, 1)} "
            + $"for the better of {InductionAgreement.Modes} modes{care}).{without}";
    }

    private static string R(ModeRole role) => EstimateText.Of(role.PrefixMatching, role.PrefixMatchingInterval);
}
