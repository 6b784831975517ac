using System.Globalization;
using Curie.Numerics;
using Curie.Response.Reproducibility;
using Curie.Studies.Analysis;
using Curie.Studies.Conclusions;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Says how well the modes of a group and the values of its components repeat themselves.</summary>
internal static class ReproducibilityView
{
    /// <summary>What the figures mean.</summary>
    public const string Explanation =
        "Intervals resample the batches of all chains and the rows of text, and end on a scale on which they "
        + "cannot pass a bound. Halves are disjoint sets of chains, or of pairs where chains are paired, of full "
        + "and of the components alike, averaged over the ways of halving; "
        + "reliability is what their correlation r means for all draws, 2r/(1 + r): the share of the variance over tokens that is no "
        + "sampling error. The permutation puts the tokens of every component in an order of its own: what is left is what components "
        + "show without tokens in common.";

    /// <summary>Draws one group, or why nothing is known of it.</summary>
    public static void Draw(IAnsiConsole console, GroupReproducibility group)
    {
        console.WriteLine();
        if (group.Reason is { } reason)
        {
            Sentence(console, $"How well this repeats itself is not known: {reason}");
            return;
        }

        string halves = group.HalvesOfOneChain
            ? $"the first and the second half of {RunWords.Chains(group.Chains, group.ChainsPerUnit)}, which are not quite independent"
            : $"halves of the {RunWords.Chains(group.Chains, group.ChainsPerUnit)} that all of them have";
        console.WriteLine($"  Agreement of {halves} ({Counted.Of(group.Batches, "batch", "batches")}):");
        new HeatTable(["correlation", "reliability"], [.. group.Components.Select(component => component.Component)], (row, c) =>
            Cell(row == 0 ? group.Components[c].HalfCorrelation : group.Components[c].Reliability)
        ).Draw(console);
        foreach (ModeReproducibility mode in group.Modes)
        {
            Sentence(console, Describe(mode));
        }

        string[] noisy =
        [
            .. group
                .Components.Where(component => !(component.Reliability >= 0.5))
                .Select(component => $"{component.Component} ({Needed(component.DrawsNeeded)})"),
        ];
        if (noisy.Length > 0)
        {
            Sentence(console, $"Sampling error outweighs the signal in {string.Join(", ", noisy)}.");
        }
    }

    /// <summary>One sentence on the response matrix.</summary>
    public static string Describe(MatrixReproducibility matrix) =>
        $"The response matrix of {Counted.Of(matrix.Probes, "probe")} × {Counted.Of(matrix.Components, "component")}, each "
        + "component less its mean over probes: "
        + $"halves correlate by {NumberScale.Two(matrix.HalfCorrelation)}, reliability {NumberScale.Two(matrix.Reliability)}.";

    /// <summary>One sentence on a mode.</summary>
    public static string Describe(ModeReproducibility mode)
    {
        string modes = mode.Mode == 1 ? "loadings" : $"the loadings of modes 1 to {mode.Mode}";
        string permutation = mode.Permutation is { } p
            ? $" Of the variance left for it, it takes {NumberScale.Percent(p.Observed)}; permuted tokens leave "
                + $"{NumberScale.Percent(p.NullMean)} (95 % below {NumberScale.Percent(p.NullHigh)}), p = "
                + $"{p.PValue.ToString("0.000", CultureInfo.InvariantCulture)}."
            : "";
        string noise = mode.Reliability >= 0.5 ? "" : $" Sampling error outweighs it: {Needed(mode.DrawsNeeded)}.";
        return $"mode {mode.Mode}: scores of the halves correlate by {NumberScale.Two(mode.HalfCorrelation)} (reliability "
            + $"{OfReliability(mode.Reliability)}{Ends(mode.ReliabilityInterval)}); {modes} of the halves are "
            + $"{Degrees(mode.LoadingAngle)} apart (by chance "
            + $"{Degrees(mode.ChanceAngle)}), their scores {Degrees(mode.ScoreAngle)}.{noise}{permutation}";
    }

    private static string Ends(Interval? interval) =>
        interval is null
            ? ""
            : $"; by all batches {OfReliability(interval.Value)} [{OfReliability(interval.Low)} – {OfReliability(interval.High)}]";

    /// <summary>How many more draws would show a signal.</summary>
    public static string Needed(double? times) =>
        times is { } known
            ? $"about {EstimateText.Of(known, 2)} times as many draws for a reliability of "
                + $"{Reliability.Wanted.ToString(CultureInfo.InvariantCulture)}"
            : "no signal is seen, so no number of draws can be named";

    /// <summary>Degrees without decimals.</summary>
    public static string Degrees(double angle) => angle.ToString("0", CultureInfo.InvariantCulture) + "°";

    /// <summary>A reliability; below 0 the halves disagree, and Spearman and Brown's formula says no more than that.</summary>
    public static string OfReliability(double value) => value < 0 ? "< 0" : NumberScale.Two(value);

    /// <summary>A cell whose colour is the correlation.</summary>
    public static HeatCell Cell(double correlation) => new(NumberScale.Two(correlation), null, correlation, Dim: false);

    /// <summary>A sentence, indented.</summary>
    public static void Sentence(IAnsiConsole console, string text) =>
        console.Write(new Padder(new Markup(Markup.Escape(text)), new Padding(2, 0, 0, 0)));
}
