using System.Globalization;
using Curie.Numerics;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws the modes of a group: how much variance each explains, and the loading of every component.</summary>
internal static class ModeView
{
    /// <summary>How a mode's sign is fixed.</summary>
    public const string SignRule =
        "A mode's sign is arbitrary; here the loading of largest magnitude is positive. Each component is centred over tokens and not "
        + "scaled.";

    /// <summary>What shares with intervals are.</summary>
    public const string ShareRule =
        "Shares with intervals are less what sampling error and the choice of rows add to them; as measured: modes.csv.";

    private const int BarWidth = 10;

    /// <summary>Draws the first modes of a group, with 95 % intervals where they are known, or why there are none.</summary>
    public static void Draw(IAnsiConsole console, GroupModes group, ResponsePart part, int modes, GroupReproducibility? known = null)
    {
        string tokens = group.Modes is { } found ? $": {Counted.Of(found.Count, "component")} × {Counted.Of(found.Tokens, "token")}" : "";
        console.Heading($"Modes of {part.Symbol}, {RunWords.Title(group.Name)}{tokens}");
        console.WriteLine();
        if (group.Excluded.Count > 0)
        {
            console.WriteLine($"  Left out, having no estimate (no healthy chain that moved): {string.Join(", ", group.Excluded)}.");
        }

        if (group.Modes is not { } analysis)
        {
            console.WriteLine($"  There are no modes: {group.Reason}");
            return;
        }

        int count = Math.Min(modes, analysis.Count);
        double scale = Enumerable.Range(0, count).SelectMany(mode => analysis.Loadings(mode).ToArray()).Max(Math.Abs);
        string[] labels =
        [
            .. Enumerable
                .Range(0, count)
                .Select(mode =>
                    Label(mode, Known(mode)?.ExplainedVariance.Value ?? analysis.ExplainedVariance[mode])
                    + Ends(Known(mode)?.ExplainedVariance)
                ),
        ];
        new HeatTable(labels, analysis.Components, (mode, component) =>
            Cell(analysis.Loadings(mode)[component], Known(mode)?.Loadings[analysis.Components[component]], scale)
        ).Draw(console);

        ModeReproducibility? Known(int mode) => mode < known?.Modes.Count ? known.Modes[mode] : null;
    }

    private static HeatCell Cell(double loading, Interval? interval, double scale) =>
        new(
            Signed(loading),
            interval is null ? null : string.Create(CultureInfo.InvariantCulture, $"±{(interval.High - interval.Low) / 2:0.0000}"),
            loading / scale,
            Dim: false
        );

    private static string Ends(Interval? share) =>
        share is null ? "" : string.Create(CultureInfo.InvariantCulture, $"[{100 * share.Low:0.00}–{100 * share.High:0.00}] ");

    private static string Signed(double loading) =>
        (loading < 0 ? "-" : "+") + Math.Abs(loading).ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Label(int mode, double share)
    {
        int filled = (int)Math.Round(share * BarWidth);
        return $"mode {mode + 1} {NumberScale.Percent(share), 9} {new string('█', filled)}{new string('░', BarWidth - filled)} ";
    }
}
