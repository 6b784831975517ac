using System.Globalization;
using Curie.Response.Modes;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>One token to show.</summary>
/// <param name="Token">The token's index in the run.</param>
/// <param name="Score">Its score.</param>
/// <param name="StandardError">The score's standard error; null where there is none.</param>
internal readonly record struct TokenLine(int Token, double Score, double? StandardError = null);

/// <summary>Draws lists of tokens: rank, score, probe, and the token highlighted in its context.</summary>
internal sealed class TokenContextView(ProbeText text, int before, int after)
{
    /// <summary>What the marks mean; stands once under all lists.</summary>
    public const string Marks =
        "The token highlighted, or between ⟦ and ⟧, is the predicted one. Marks: ␣ space, ⏎ line feed, ⇥ tab, ⟨E2⟩ a byte that is no "
        + "character by itself. Of each token id only the most extreme "
        + "occurrence is listed.";

    private static readonly Style Highlight = new(new Color(0, 0, 0), new Color(255, 214, 90));

    /// <summary>Draws one side.</summary>
    /// <param name="console">Where.</param>
    /// <param name="title">The side's title.</param>
    /// <param name="positive">Whether the side has orange's colour, or blue's.</param>
    /// <param name="unit">The unit of the scores.</param>
    /// <param name="lines">The tokens, the most extreme first.</param>
    public void Draw(IAnsiConsole console, string title, bool positive, string unit, IReadOnlyList<TokenLine> lines)
    {
        NumberScale scale = NumberScale.For(lines.Select(line => line.Score));
        console.Write($"  {(positive ? "▲" : "▼")} {title}", DivergingPalette.Side(positive));
        console.WriteLine($", {scale.Unit(unit)}");
        string[] scores = [.. lines.Select(line => scale.Signed(line.Score) + Error(scale, line))];
        int scoreWidth = scores.Select(score => score.Length).DefaultIfEmpty(0).Max();
        int probeWidth = lines.Select(line => text.ProbeName(line.Token).GetCellWidth()).DefaultIfEmpty(0).Max();
        ContextWindow[] windows = [.. lines.Select(line => text.Window(line.Token, before, after))];
        int room = console.Profile.Width - scoreWidth - probeWidth - 12;
        int beforeWidth = Math.Min(windows.Select(window => window.Before.GetCellWidth()).DefaultIfEmpty(0).Max(), room * 3 / 5);
        for (int rank = 0; rank < lines.Count; rank++)
        {
            string probe = text.ProbeName(lines[rank].Token);
            string start =
                string.Create(CultureInfo.InvariantCulture, $"  {rank + 1, 3}  {scores[rank].PadLeft(scoreWidth)}  ")
                + probe
                + new string(' ', probeWidth - probe.GetCellWidth() + 2);
            console.Write(start);
            DrawContext(console, windows[rank], beforeWidth, room - beforeWidth);
        }
    }

    private static string Error(NumberScale scale, TokenLine line) => line.StandardError is { } error ? $" ±{scale.Unsigned(error)}" : "";

    /// <summary>Writes one context so that the tokens of a list stand below one another.</summary>
    private static void DrawContext(IAnsiConsole console, ContextWindow window, int beforeWidth, int restWidth)
    {
        string preceding = CutStart(window.Before, beforeWidth);
        string token = CutEnd(window.Token, Math.Max(4, restWidth - 2));
        string following = CutEnd(window.After, restWidth - 2 - token.GetCellWidth());
        console.Write(new string(' ', beforeWidth - preceding.GetCellWidth()) + preceding, DivergingPalette.Muted);
        console.Write(console.HasColours() ? token : $"⟦{token}⟧", Highlight);
        console.WriteLine(following, DivergingPalette.Muted);
    }

    private static string CutEnd(string text, int width)
    {
        if (text.GetCellWidth() <= width)
        {
            return text;
        }

        StringInfo elements = new(text);
        int kept = elements.LengthInTextElements;
        while (kept > 0 && elements.SubstringByTextElements(0, kept).GetCellWidth() > width - 1)
        {
            kept--;
        }

        return width < 1 ? "" : (kept == 0 ? "" : elements.SubstringByTextElements(0, kept)) + "…";
    }

    private static string CutStart(string text, int width)
    {
        if (text.GetCellWidth() <= width)
        {
            return text;
        }

        StringInfo elements = new(text);
        int first = 0;
        while (first < elements.LengthInTextElements && elements.SubstringByTextElements(first).GetCellWidth() > width - 1)
        {
            first++;
        }

        return width < 1 ? "" : "…" + (first == elements.LengthInTextElements ? "" : elements.SubstringByTextElements(first));
    }
}
