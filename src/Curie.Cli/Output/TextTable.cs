using Spectre.Console;
using Spectre.Console.Rendering;

namespace Curie.Cli.Output;

/// <summary>A table as plain text.</summary>
internal static class TextTable
{
    /// <summary>Wide enough that no cell is broken over lines; the terminal scrolls or wraps as its user likes.</summary>
    private const int Width = 1000;

    /// <summary>Renders rows under headers; the first column is aligned left and the others, numbers, right.</summary>
    public static string Render(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        Table table = new() { Border = TableBorder.Simple };
        for (int column = 0; column < headers.Count; column++)
        {
            table.AddColumn(
                new TableColumn(new Spectre.Console.Text(headers[column]))
                {
                    NoWrap = true,
                    Alignment = column == 0 ? Justify.Left : Justify.Right,
                }
            );
        }

        foreach (IReadOnlyList<string> row in rows)
        {
            table.AddRow(row.Select(cell => (IRenderable)new Spectre.Console.Text(cell)));
        }

        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(text),
            }
        );
        console.Profile.Width = Width;
        console.Write(table);
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0));
    }
}
