using System.Globalization;
using Curie.Cli.Output;
using Curie.Development.Effects;
using Curie.Numerics;
using Curie.Response.Reproducibility;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws whether the modes of the excess and of the covariance separate heads of known roles.</summary>
internal static class ModeRolesView
{
    private const string Explanation =
        "  |r|: correlation over heads of a mode's loadings with the heads' previous-token and prefix-matching scores, and p of the "
        + "latter in one test alone, by permutations; area: how well they tell heads with prefix matching above 0.1 from the others (.5 is "
        + "chance, 1 all of them), and its p. ρ: the share of the mode that repeats itself between halves of the draws. In brackets "
        + "the 95 % interval, for the same heads with other chains, text and sequences. Control: draws that never feel the loss.";

    /// <summary>Draws one table over all groups.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<ModeRole> roles)
    {
        console.Heading(
            "What sets heads apart: modes of what each does by itself (rows divided by their s.d.) beside the heads' attention scores"
        );
        console.WriteLine(
            TextTable.Render(
                ["group", "view", "mode", "share", "ρ", "previous |r|", "prefix |r|", "p", "area", "p"],
                roles.Select(role =>
                    new[]
                    {
                        role.Group,
                        role.View == ModeRoles.Control ? "excess, control" : role.View,
                        role.Mode.ToString(CultureInfo.InvariantCulture),
                        NumberScale.Percent(role.Share),
                        Number(role.Reliability),
                        EstimateText.Of(role.PreviousToken, role.PreviousTokenInterval),
                        EstimateText.Of(role.PrefixMatching, role.PrefixMatchingInterval),
                        P(role.PrefixMatchingP),
                        Number(role.Induction.Area),
                        P(role.Induction.P),
                    }
                )
            )
        );
        console.Note(Explanation);
        foreach (IGrouping<string, ModeRole> group in roles.GroupBy(role => role.Group))
        {
            if (Finding([.. group]) is { } finding)
            {
                console.Note(finding);
            }
        }
    }

    /// <summary>
    /// Which mode goes most with one of the scores, and whether the localisation alone shows it too; null where no correlation is known.
    /// </summary>
    private static string? Finding(IReadOnlyList<ModeRole> roles)
    {
        ModeRole? strongest = roles.Where(role => role.View != ModeRoles.Control && double.IsFinite(Strongest(role))).MaxBy(Strongest);
        if (strongest is null)
        {
            return null;
        }

        bool isPrefix = !(strongest.PreviousToken > strongest.PrefixMatching);
        ModeRole? control = roles.FirstOrDefault(role => role.View == ModeRoles.Control && role.Mode == strongest.Mode);
        string alone = control is null ? "" : $"; of the control it is {Number(isPrefix ? control.PrefixMatching : control.PreviousToken)}";
        Interval? interval = isPrefix ? strongest.PrefixMatchingInterval : strongest.PreviousTokenInterval;
        return $"  {strongest.Group}: mode {strongest.Mode} of {strongest.View} goes most with the "
            + $"{(isPrefix ? "prefix-matching" : "previous-token")} score, "
            + $"|r| {EstimateText.Of(Strongest(strongest), interval)} over {Counted.Of(strongest.Heads, "head")} (reliability "
            + $"{Number(strongest.Reliability)}){alone}.";
    }

    private static double Strongest(ModeRole role) => Math.Max(Zero(role.PreviousToken), Zero(role.PrefixMatching));

    private static double Zero(double value) => double.IsFinite(value) ? value : 0;

    private static string P(double p) => double.IsFinite(p) ? p.ToString("0.0000", CultureInfo.InvariantCulture) : "n/a";

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("F2", CultureInfo.InvariantCulture) : "–";
}
