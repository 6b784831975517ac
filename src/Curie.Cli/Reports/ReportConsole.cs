using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Prints a report: drawn for a reader, or with --json as one object, with --quiet not at all.</summary>
internal static class ReportConsole
{
    /// <summary>Draws a report on the command's output, or prints its JSON.</summary>
    public static void Report(Session session, Func<JsonNode> json, Action<IAnsiConsole> draw)
    {
        if (session.ShowsProgress)
        {
            draw(Create(session.Terminal.Output));
        }
        else
        {
            session.Report("", json());
        }
    }

    /// <summary>A console on a writer: with colours and the screen's width on a screen, plain text of a fixed width elsewhere.</summary>
    public static IAnsiConsole Create(TextWriter output)
    {
        AnsiConsoleOutput target = new(output);
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = target,
                Ansi = target.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = target.IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            }
        );
        if (
            int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns)
            && columns >= 40
        )
        {
            console.Profile.Width = columns;
        }
        else if (!target.IsTerminal)
        {
            console.Profile.Width = ProseLines.Width;
        }

        return console;
    }

    /// <summary>Whether colours can carry meaning; where they cannot, characters must.</summary>
    public static bool HasColours(this IAnsiConsole console) => console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;

    /// <summary>A heading over a section.</summary>
    public static void Heading(this IAnsiConsole console, string text)
    {
        console.WriteLine();
        console.WriteLine(text, new Style(decoration: Decoration.Bold));
    }

    /// <summary>A remark in grey.</summary>
    public static void Note(this IAnsiConsole console, string text) => console.WriteLine(text, DivergingPalette.Muted);
}
