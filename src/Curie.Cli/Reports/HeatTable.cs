using System.Text.RegularExpressions;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>One cell of a <see cref="HeatTable"/>.</summary>
/// <param name="Value">The number as text.</param>
/// <param name="Detail">A second line, such as the standard error; null for none.</param>
/// <param name="Fraction">The value as a fraction −1…1 of the table's scale, which chooses the colour.</param>
/// <param name="Dim">Whether the value is not distinct from zero.</param>
internal readonly record struct HeatCell(string Value, string? Detail, double Fraction, bool Dim);

/// <summary>
/// A coloured table of rows × components. Where it is wider than the console it is split between layers, and within a layer only where
/// not even one fits. Without colours, values not distinct from zero stand in parentheses.
/// </summary>
internal sealed partial class HeatTable(IReadOnlyList<string> rows, IReadOnlyList<string> columns, Func<int, int, HeatCell> cell)
{
    private const string Indent = "  ";

    /// <summary>Draws the table.</summary>
    public void Draw(IAnsiConsole console)
    {
        HeatCell[][] cells = [.. rows.Select((_, row) => columns.Select((_, column) => cell(row, column)).ToArray())];
        int label = rows.Max(row => row.GetCellWidth()) + Indent.Length;
        int width =
            1
            + columns
                .Select(column => column.Length)
                .Concat(cells.SelectMany(row => row).SelectMany(one => new[] { Value(one, console).Length, one.Detail?.Length ?? 0 }))
                .Max();
        int capacity = Math.Max(1, (console.Profile.Width - label - 2) / (width + 1));
        List<(int Start, int Count)> blocks = [.. Blocks(capacity)];
        foreach ((int start, int count) in blocks)
        {
            if (start > 0)
            {
                console.WriteLine();
            }

            console.Write(new string(' ', label));
            for (int column = start; column < start + count; column++)
            {
                console.Write(columns[column].PadLeft(width) + " ", new Style(decoration: Decoration.Bold));
            }

            console.WriteLine();
            for (int row = 0; row < rows.Count; row++)
            {
                DrawLine(console, rows[row], label, cells[row].AsSpan(start, count), width, one => Value(one, console));
                if (cells[row].Any(one => one.Detail is not null))
                {
                    DrawLine(console, "", label, cells[row].AsSpan(start, count), width, one => one.Detail ?? "");
                }
            }
        }
    }

    private static string Value(HeatCell one, IAnsiConsole console) => one.Dim && !console.HasColours() ? $"({one.Value})" : one.Value;

    private static void DrawLine(
        IAnsiConsole console,
        string label,
        int labelWidth,
        ReadOnlySpan<HeatCell> cells,
        int width,
        Func<HeatCell, string> text
    )
    {
        console.Write(Indent + label + new string(' ', labelWidth - Indent.Length - label.GetCellWidth()));
        foreach (HeatCell one in cells)
        {
            console.Write(text(one).PadLeft(width) + " ", DivergingPalette.Cell(one.Fraction, one.Dim));
        }

        console.WriteLine();
    }

    private IEnumerable<(int Start, int Count)> Blocks(int capacity)
    {
        int start = 0;
        int end = 0;
        while (end < columns.Count)
        {
            int layer = end;
            while (layer < columns.Count && LayerOf(columns[layer]) == LayerOf(columns[end]))
            {
                layer++;
            }

            if (layer - start > capacity && end > start)
            {
                yield return (start, end - start);
                start = end;
            }

            while (layer - start > capacity)
            {
                yield return (start, capacity);
                start += capacity;
            }

            end = layer;
        }

        if (end > start)
        {
            yield return (start, end - start);
        }
    }

    private static string LayerOf(string component) => LayerPattern.Match(component).Value;

    [GeneratedRegex(@"^l\d+")]
    private static partial Regex LayerPattern { get; }
}
