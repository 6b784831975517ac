using Curie.Response.Estimators;
using Curie.Response.Modes;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws the modes of a group: how much variance each explains, and the loading of every component.</summary>
internal static class ModeView
{
    /// <summary>How a mode's sign is fixed.</summary>
    public const string SignRule =
        "A mode's sign is arbitrary; here the loading of largest magnitude is positive. Each component is centred over tokens and not scaled.";

    private const int BarWidth = 10;

    /// <summary>Draws the first modes of a group, or why there are none.</summary>
    public static void Draw(IAnsiConsole console, GroupModes group, ResponsePart part, int modes)
    {
        string tokens = group.Modes is { } found ? $": {found.Count} components × {found.Tokens} tokens" : "";
        console.Heading($"Modes of {NumberScale.Symbol(part)}, {Title(group.Name)}{tokens}");
        console.WriteLine();
        if (group.Excluded.Count > 0)
        {
            console.WriteLine($"  Left out, having no estimate (no healthy chain): {string.Join(", ", group.Excluded)}.");
        }

        if (group.Modes is not { } analysis)
        {
            console.WriteLine($"  There are no modes: {group.Reason}");
            return;
        }

        int count = Math.Min(modes, analysis.Count);
        double scale = Enumerable.Range(0, count).SelectMany(mode => analysis.Loadings(mode).ToArray()).Max(Math.Abs);
        string[] labels = [.. Enumerable.Range(0, count).Select(mode => Label(mode, analysis.ExplainedVariance[mode]))];
        new HeatTable(labels, analysis.Components, (mode, component) => Cell(analysis.Loadings(mode)[component], scale)).Draw(console);
    }

    /// <summary>What a group is called in running text.</summary>
    public static string Title(string group) => group switch
    {
        "heads" => "all heads",
        "components" => "all components",
        _ => $"heads of layer {group[1..]}",
    };

    private static HeatCell Cell(double loading, double scale) => new(Signed(loading), null, loading / scale, Dim: false);

    private static string Signed(double loading) =>
        (loading < 0 ? "-" : "+") + Math.Abs(loading).ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture);

    private static string Label(int mode, double share)
    {
        int filled = (int)Math.Round(share * BarWidth);
        return $"mode {mode + 1} {NumberScale.Percent(share),9} {new string('█', filled)}{new string('░', BarWidth - filled)} ";
    }
}
