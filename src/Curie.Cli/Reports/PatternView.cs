using System.Globalization;
using Curie.Response.Patterns;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws the patterns at the ends of modes, and what each component expresses and suppresses.</summary>
internal static class PatternView
{
    /// <summary>How the tests are made.</summary>
    public const string Explanation =
        "Each pattern's share of the tokens at an end of a mode, beside its share of all tokens, which stands behind its name; in "
        + "parentheses, or dim, where the two do not differ at a false discovery rate of 5 % over all modes, patterns and ends "
        + "(hypergeometric p, Benjamini and Hochberg). The test takes tokens as drawn one by one: of texts that repeat themselves its p "
        + "are too small.";

    /// <summary>What the table of components says.</summary>
    public const string ExpressionExplanation =
        "Mean of ψ/s.d. over a pattern's tokens, less its mean over all components, ± standard error (rows of text and draws, in "
        + "quadrature): below 0 the component expresses the pattern more than others do, above 0 it suppresses it more. In parentheses, "
        + "or dim, what is not distinct from 0 at a false discovery rate of 5 %.";

    /// <summary>What the standardised table says.</summary>
    public const string StandardizedExplanation =
        "ψ is the response less the component's mean over all tokens, s.d. its standard deviation over tokens, so that components can be "
        + "compared: below 0 a component expresses the probe's text, above 0 it suppresses it. Errors and parentheses as in the table of "
        + "patterns below.";

    private const double Rate = 0.05;

    /// <summary>Draws the patterns of every mode.</summary>
    public static void Draw(IAnsiConsole console, TokenClasses classes, IReadOnlyList<ModePatterns> modes)
    {
        if (classes.Names.Count == 0 || modes.Count == 0)
        {
            return;
        }

        console.Heading(
            $"Token patterns at the ends of the modes: share of the {modes[0].Extremes} highest (▲) and of the {modes[0].Extremes} "
                + "lowest (▼) scores, %"
        );
        (string Column, ModePatterns Mode, bool Top)[] ends =
        [
            .. modes.SelectMany(mode => new[] { ($"{mode.Group} {mode.Mode}▲", mode, true), ($"{mode.Group} {mode.Mode}▼", mode, false) }),
        ];
        int width = classes.Names.Max(name => name.Length);
        new HeatTable(
            [.. modes[0].Patterns.Select(one => $"{one.Pattern.PadRight(width)} {Percent(one.BaseRate), 5}")],
            [.. ends.Select(end => end.Column)],
            (row, column) => End(ends[column].Mode.Patterns[row], ends[column].Top)
        ).Draw(console);
        console.Note(Explanation);
    }

    /// <summary>Draws what every component expresses and suppresses.</summary>
    public static void DrawExpression(IAnsiConsole console, IReadOnlyList<PatternExpression> expression) =>
        Draw(
            console,
            expression,
            one => one.Apart ?? one.Expression,
            "Patterns that each component expresses (−) and suppresses (+), apart from what all components do",
            ExpressionExplanation
        );

    /// <summary>Draws the standardised response to every probe.</summary>
    public static void DrawStandardized(IAnsiConsole console, IReadOnlyList<PatternExpression> response) =>
        Draw(
            console,
            response,
            one => one.Expression,
            "Standardised response matrix: mean of ψ/s.d. over each probe's tokens",
            StandardizedExplanation
        );

    private static void Draw(
        IAnsiConsole console,
        IReadOnlyList<PatternExpression> expression,
        Func<PatternExpression, PatternMean> shown,
        string heading,
        string explanation
    )
    {
        if (expression.Count == 0)
        {
            return;
        }

        console.Heading(heading);
        string[] patterns = [.. expression.Select(one => one.Pattern).Distinct()];
        string[] components = [.. expression.Select(one => one.Component).Distinct()];
        Dictionary<(string, string), PatternMean> means = expression.ToDictionary(one => (one.Pattern, one.Component), shown);
        double largest = means.Values.Max(mean => Math.Abs(mean.Mean));
        new HeatTable(patterns, components, (row, column) => Cell(means[(patterns[row], components[column])], largest)).Draw(console);
        console.Note(explanation);
    }

    private static HeatCell Cell(PatternMean mean, double largest) =>
        new(
            mean.Mean.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture),
            double.IsFinite(mean.StandardError) ? "±" + mean.StandardError.ToString("0.000", CultureInfo.InvariantCulture) : "",
            largest > 0 ? mean.Mean / largest : 0,
            Dim: !(mean.Q <= Rate)
        );

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    private static HeatCell End(PatternLoading one, bool top) =>
        new(
            Percent(top ? one.Top : one.Bottom),
            null,
            (top ? one.Top : one.Bottom) - one.BaseRate,
            Dim: !((top ? one.TopQ : one.BottomQ) <= Rate)
        );
}
