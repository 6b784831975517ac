using System.Globalization;
using Curie.Response.Patterns;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws the patterns at the ends of modes, and what each component expresses and suppresses.</summary>
internal static class PatternView
{
    /// <summary>How the tests are made.</summary>
    public const string Explanation =
        "Each pattern's share of the tokens at an end of a mode, beside its share of all tokens; * where it differs at a false discovery rate of 5 % over all modes, patterns and ends (hypergeometric "
        + "p, Benjamini and Hochberg), which takes tokens as drawn one by one: of texts that repeat themselves such p are too small.";

    /// <summary>What the table of components says.</summary>
    public const string ExpressionExplanation =
        "Mean of ψ/s.d. over a pattern's tokens, less its mean over all components, ± standard error (rows of text and draws, in quadrature): below 0 the component expresses the pattern more than others do, "
        + "above 0 it suppresses it more. In parentheses, or dim, what is not distinct from 0 at a false discovery rate of 5 %.";

    private const double Rate = 0.05;

    /// <summary>Draws the patterns of every mode.</summary>
    public static void Draw(IAnsiConsole console, TokenClasses classes, IReadOnlyList<ModePatterns> modes)
    {
        if (classes.Names.Count == 0 || modes.Count == 0)
        {
            return;
        }

        console.Heading($"Token patterns at the ends of the modes: share of the {modes[0].Extremes} highest and of the {modes[0].Extremes} lowest scores, %");
        console.WriteLine();
        string[][] words = [.. classes.Names.Select(name => name.Split(' '))];
        int width = Math.Max(7, words.SelectMany(word => word).Max(word => word.Length) + 1);
        for (int line = 0; line < words.Max(word => word.Length); line++)
        {
            console.WriteLine("  " + "".PadRight(18) + string.Concat(words.Select(word => (line < word.Length ? word[line] : "").PadLeft(width))));
        }

        console.WriteLine("  " + "all tokens".PadRight(18) + string.Concat(modes[0].Patterns.Select(one => Percent(one.BaseRate).PadLeft(width - 1) + " ")));
        foreach (ModePatterns mode in modes)
        {
            console.WriteLine("  " + $"{mode.Group} mode {mode.Mode} ▲".PadRight(18) + string.Concat(mode.Patterns.Select(one => (Percent(one.Top) + Star(one.TopQ)).PadLeft(width))));
            console.WriteLine("  " + $"{mode.Group} mode {mode.Mode} ▼".PadRight(18) + string.Concat(mode.Patterns.Select(one => (Percent(one.Bottom) + Star(one.BottomQ)).PadLeft(width))));
        }

        console.Note(Explanation);
    }

    /// <summary>Draws what every component expresses and suppresses.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<PatternExpression> expression)
    {
        if (expression.Count == 0)
        {
            return;
        }

        console.Heading("Patterns that each component expresses (−) and suppresses (+), apart from what all components do");
        string[] patterns = [.. expression.Select(one => one.Pattern).Distinct()];
        string[] components = [.. expression.Select(one => one.Component).Distinct()];
        Dictionary<(string, string), PatternMean> means = expression.ToDictionary(one => (one.Pattern, one.Component), one => one.Apart ?? one.Expression);
        double largest = means.Values.Max(mean => Math.Abs(mean.Mean));
        new HeatTable(patterns, components, (row, column) => Cell(means[(patterns[row], components[column])], largest)).Draw(console);
        console.Note(ExpressionExplanation);
    }

    private static HeatCell Cell(PatternMean mean, double largest) => new(
        mean.Mean.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture),
        double.IsFinite(mean.StandardError) ? "±" + mean.StandardError.ToString("0.00", CultureInfo.InvariantCulture) : "",
        largest > 0 ? mean.Mean / largest : 0,
        Dim: !(mean.Q <= Rate));

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Star(double q) => q <= Rate ? "*" : " ";
}
