using Curie.Development.Effects;
using Curie.Development.Roles;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Studies.Conclusions;

/// <summary>
/// Says whether the response, which knows nothing of attention, puts the heads in the order of their induction; how well that is known; and
/// whether it is there before the loss is felt.
/// </summary>
internal static class ModeSentences
{
    private const int Modes = 2;
    private const double Significant = 0.05;

    /// <summary>What the excess says of the heads' order.</summary>
    /// <param name="Sampled">The better of the first modes.</param>
    /// <param name="Before">The better of the same modes of draws that never feel the loss; null where the run holds none.</param>
    internal sealed record Finding(ModeRole Sampled, ModeRole? Before)
    {
        /// <summary>p of the better of the modes, by Bonferroni.</summary>
        public double P => Math.Min(1, Modes * Sampled.PrefixMatchingP);

        /// <summary>Whether the order is there beyond chance.</summary>
        public bool Shows => P < Significant;
    }

    /// <summary>What the excess says, in the layer with the most induction heads; null where fewer than three heads were sampled.</summary>
    public static Finding? Find(SusceptibilityRun run, AttentionRoles roles, SusceptibilityRun? control)
    {
        IReadOnlyList<ModeRole> modes = Measure(run, roles, control);
        return Group(run, roles, modes) is { } group && Best(modes, group, View(run, ResponsePart.Excess), roles) is { } best
            ? new Finding(best, Best(modes, group, ModeRoles.Control, roles))
            : null;
    }

    /// <summary>At most three sentences; none where fewer than three heads were sampled.</summary>
    public static IEnumerable<string> Of(SusceptibilityRun run, AttentionRoles roles, SusceptibilityRun? control)
    {
        IReadOnlyList<ModeRole> modes = Measure(run, roles, control);
        if (Group(run, roles, modes) is not { } group)
        {
            yield break;
        }

        string name = RunWords.Title(group);
        foreach (ResponsePart part in new[] { ResponsePart.Excess, ResponsePart.Covariance }.Where(run.Manifest.Holds))
        {
            if (Best(modes, group, View(run, part), roles) is not { } best)
            {
                continue;
            }

            Finding found = new(best, null);
            if (part == ResponsePart.Excess || found.Shows)
            {
                yield return Agreement(part, name, found, Order(run, roles), Draws(run));
            }

            if (part == ResponsePart.Excess && Best(modes, group, ModeRoles.Control, roles) is { } before)
            {
                yield return Before(best, before);
            }
        }
    }

    private static IReadOnlyList<ModeRole> Measure(SusceptibilityRun run, AttentionRoles roles, SusceptibilityRun? control) =>
        ModeRoles.Of(run, roles.PreviousToken, roles.PrefixMatching, Modes, control: control);

    private static string View(SusceptibilityRun run, ResponsePart part) => ResponseView.Standardized(part).Name(run.Manifest.ProbeNames);

    /// <summary>The layer with the most induction heads, or else all heads.</summary>
    private static string? Group(SusceptibilityRun run, AttentionRoles roles, IReadOnlyList<ModeRole> modes)
    {
        IEnumerable<string> layers = roles
            .InductionHeads.Where(head => run.Manifest.Components.Contains(head.Component))
            .GroupBy(head => head.Layer)
            .OrderByDescending(layer => layer.Count())
            .Select(layer => $"l{layer.Key}");
        return layers
            .Append("heads")
            .FirstOrDefault(group => modes.Any(mode => mode.Group == group && double.IsFinite(mode.PrefixMatching)));
    }

    /// <summary>The mode that goes most with prefix matching, with its interval.</summary>
    private static ModeRole? Best(IReadOnlyList<ModeRole> modes, string group, string view, AttentionRoles roles)
    {
        ModeRole? best = modes
            .Where(mode => mode.Group == group && mode.View == view && double.IsFinite(mode.PrefixMatching))
            .MaxBy(mode => mode.PrefixMatching);
        return best is null ? null : ModeRoles.WithIntervals([best], roles.PreviousToken, roles.PrefixMatching)[0];
    }

    /// <summary>What heads are put in the order of: where none does induction, their prefix matching is hardly that.</summary>
    private static string Order(SusceptibilityRun run, AttentionRoles roles) =>
        roles.PrefixMatching.Any(score => run.Manifest.Components.Contains(score.Component) && ModeRoles.IsPartialInduction(score))
            ? "their induction"
            : "their prefix matching, though no head gives it a tenth of its attention";

    /// <summary>Where the draws come from, of a run that draws without the loss.</summary>
    private static string Draws(SusceptibilityRun run) =>
        run.Manifest.Scan || run.Manifest.Control ? "In draws that never feel the loss, and without" : "Without";

    private static string Agreement(ResponsePart part, string group, Finding found, string order, string draws)
    {
        ModeRole mode = found.Sampled;
        string figures =
            $"|r| = {EstimateText.Of(mode.PrefixMatching, mode.PrefixMatchingInterval)} of its loadings with prefix matching over "
            + $"{mode.Heads} heads, p = {EstimateText.Of(found.P, 1)} for the better of "
            + $"{Modes} modes, reliability {Reliability(mode.Reliability)}";
        string name = part.Title.ToLowerInvariant();
        return found.Shows
            ? $"{draws} looking at attention, mode {mode.Mode} of the {name} over {group} puts them in the order of {order}: "
                + $"{figures}."
            : $"The {name} over {group} does not show that order beyond chance: the nearest is mode {mode.Mode}, {figures}.";
    }

    private static string Before(ModeRole sampled, ModeRole gaussian) =>
        $"Draws that never feel the loss show it by |r| = {EstimateText.Of(gaussian.PrefixMatching, gaussian.PrefixMatchingInterval)} "
        + $"(mode {gaussian.Mode} of their excess)"
        + (
            gaussian.PrefixMatching >= sampled.PrefixMatching - 0.1
                ? ": this order is in the network's curvature, and sampling does not add it."
                : ": sampling adds to this order."
        );

    private static string Reliability(double value) =>
        double.IsFinite(value)
            ? value < 0
                ? "below 0"
                : NumberScale.Two(value)
            : "unknown";
}
