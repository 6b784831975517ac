using System.Globalization;
using Curie.Response.Patterns;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws how the response of each component changes with the length of the context.</summary>
internal static class PositionView
{
    private const string Explanation =
        "Standard deviation of the response over the tokens at these positions, relative to the component's largest: where a component "
        + "tells tokens apart. Means with their errors are in positions.csv.";

    /// <summary>Draws a table of positions × components.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<PositionResponse> responses)
    {
        if (responses.Count == 0)
        {
            return;
        }

        console.Heading("Response by length of context");
        (int First, int Last)[] bins = [.. responses.Select(one => (one.First, one.Last)).Distinct()];
        string[] components = [.. responses.Select(one => one.Component).Distinct()];
        Dictionary<(string, int), double> spread = responses.ToDictionary(one => (one.Component, one.First), one => one.Spread);
        Dictionary<string, double> largest = components.ToDictionary(
            name => name,
            name => responses.Where(one => one.Component == name).Max(one => one.Spread)
        );
        new HeatTable(
            [.. bins.Select(bin => bin.First == bin.Last ? $"position {bin.First}" : $"positions {bin.First}–{bin.Last}")],
            components,
            (row, column) => Cell(spread[(components[column], bins[row].First)], largest[components[column]])
        ).Draw(console);
        console.Note(Explanation);
    }

    private static HeatCell Cell(double spread, double largest)
    {
        double share = largest > 0 ? spread / largest : 0;
        return new HeatCell(share.ToString("0.00", CultureInfo.InvariantCulture), null, share, Dim: false);
    }
}
