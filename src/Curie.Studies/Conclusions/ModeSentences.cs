using Curie.Development.Effects;
using Curie.Development.Roles;
using Curie.Development.Scores;
using Curie.Numerics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Studies.Conclusions;

/// <summary>
/// Says whether the response, which knows nothing of attention, goes with the induction of heads; how well that is known; and whether it is
/// there before the loss is felt.
/// </summary>
internal static class ModeSentences
{
    private const string Already = "this is in the network's curvature already";

    /// <summary>At most three sentences; none where fewer than three heads were sampled.</summary>
    public static IEnumerable<string> Of(RunFindings found)
    {
        if (found.Roles is not { } roles || found.Group is not { } group)
        {
            yield break;
        }

        string name = RunWords.Title(group);
        foreach (ResponsePart part in new[] { ResponsePart.Excess, ResponsePart.Covariance })
        {
            if (found.Agreement(part) is not { } agreement)
            {
                continue;
            }

            if (part == ResponsePart.Excess || agreement.Shows)
            {
                yield return Agreement(
                    part,
                    name,
                    agreement,
                    What(found.Run, roles),
                    Exceptions(found.Run, roles, agreement),
                    Draws(found.Run)
                );
            }

            if (part == ResponsePart.Excess && agreement.Shows && agreement.Before is { } before)
            {
                yield return Before(agreement.Sampled, before, Pairs(found));
            }
        }
    }

    /// <summary>What the response goes with: where none does induction, their prefix matching is hardly that.</summary>
    private static string What(SusceptibilityRun run, AttentionRoles roles) =>
        IsThere(run, roles) ? "their induction" : "their prefix matching";

    private static bool IsThere(SusceptibilityRun run, AttentionRoles roles) =>
        roles.PrefixMatching.Any(score => run.Manifest.Components.Contains(score.Component) && ModeRoles.IsPartialInduction(score));

    /// <summary>
    /// What to know of an agreement: that no head does induction; or the induction heads, fewer than half of them, whose loadings have the
    /// sign of the others.
    /// </summary>
    internal static string Exceptions(SusceptibilityRun run, AttentionRoles roles, InductionAgreement agreement)
    {
        if (!IsThere(run, roles))
        {
            return ", though no head gives it a tenth of its attention";
        }

        IReadOnlyDictionary<string, double> loadings = agreement.Sampled.Loadings;
        HeadScore[] scores = [.. roles.PrefixMatching.Where(score => loadings.ContainsKey(score.Component))];
        double mean = scores.Average(score => score.Value);
        int sign = Math.Sign(scores.Sum(score => (score.Value - mean) * loadings[score.Component]));
        string[] heads = [.. roles.InductionHeads.Select(head => head.Component).Where(loadings.ContainsKey)];
        string[] apart = [.. heads.Where(head => sign * loadings[head] < 0)];
        return agreement.Shows && apart.Length > 0 && 2 * apart.Length < heads.Length
            ? $", but for {EstimateText.List(apart)}, which it puts on the other side"
            : "";
    }

    /// <summary>Where the draws come from, of a run that draws without the loss.</summary>
    private static string Draws(SusceptibilityRun run) =>
        run.Manifest.Scan || run.Manifest.Control ? "In draws that never feel the loss, and without" : "Without";

    private static string Agreement(ResponsePart part, string group, InductionAgreement found, string what, string exceptions, string draws)
    {
        ModeRole mode = found.Sampled;
        string figures =
            $"|r| = {EstimateText.Of(mode.PrefixMatching, mode.PrefixMatchingInterval)} of its loadings with prefix matching over "
            + $"{mode.Heads} heads, p = {EstimateText.Of(found.P, 1)} for the better of "
            + $"{InductionAgreement.Modes} modes, reliability {Reliability(mode.Reliability)}";
        string name = part.Title.ToLowerInvariant();
        return found.Shows
            ? $"{draws} looking at attention, mode {mode.Mode} of the {name} over {group} goes with {what}{exceptions}: {figures}."
            : $"The {name} over {group} does not go with {what} beyond chance: the nearest is mode {mode.Mode}, {figures}.";
    }

    /// <summary>
    /// The pairs of draws that never feel the loss: those of the control, or else of the run's levels; 0 for chains at nβ = 0.
    /// </summary>
    private static int Pairs(RunFindings found) =>
        found.Control is not { Manifest: var control } ? found.Run.Manifest.Coupling?.GaussianPairs ?? 0
        : control.IsDrawnDirectly ? control.Shape.Units * control.Shape.Draws
        : 0;

    private static string Before(ModeRole sampled, ModeRole gaussian, int pairs) =>
        $"Draws that never feel the loss show it by |r| = {EstimateText.Of(gaussian.PrefixMatching, gaussian.PrefixMatchingInterval)} "
        + $"(mode {gaussian.Mode} of their excess{(pairs > 0 ? $"; {Counted.Of(pairs, "pair")} of draws a head" : "")}): "
        + Added(sampled, gaussian);

    /// <summary>
    /// Whether sampling adds to an agreement, with a full stop: where the two |r| differ by more than their intervals allow.
    /// </summary>
    internal static string Added(ModeRole sampled, ModeRole gaussian)
    {
        double added = sampled.PrefixMatching - gaussian.PrefixMatching;
        if (sampled.PrefixMatchingInterval is not { } its || gaussian.PrefixMatchingInterval is not { } theirs)
        {
            return $"{(added > 0 ? "sampling adds" : "sampling takes away")} {NumberScale.Two(Math.Abs(added))}, of unknown error.";
        }

        bool isMore = added > Root(its.Value - its.Low, theirs.High - theirs.Value);
        bool isLess = -added > Root(its.High - its.Value, theirs.Value - theirs.Low);
        return isMore ? "sampling adds to this agreement."
            : !InductionAgreement.Significant(gaussian) ? "the errors leave open whether this is in the network's curvature already."
            : isLess ? $"{Already}, and sampling weakens it."
            : $"{Already}, and what sampling adds to it is within the errors.";
    }

    private static double Root(double a, double b) => Math.Sqrt((a * a) + (b * b));

    private static string Reliability(double value) =>
        double.IsFinite(value)
            ? value < 0
                ? "below 0"
                : NumberScale.Two(value)
            : "unknown";
}
