using Curie.Response.Attribution;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws the modes of every view of a response beside one another.</summary>
internal static class SurveyView
{
    /// <summary>What the columns mean.</summary>
    public const string Explanation =
        "For each mode: its share of the view's variance, ρ (the share of that which repeats itself between halves of the draws), and "
        + "|cos| of the angle between its loadings and those of the first view's mode; the first view is the published analysis where "
        + "the run holds chi. Where a view's ρ is near 0 its modes are noise; F is the full run's shift since w*.";

    private const int Shown = 3;
    private const int CellWidth = 23;

    /// <summary>Draws one table per group.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<ModeSurvey> surveys)
    {
        foreach (ModeSurvey survey in surveys)
        {
            console.Heading($"The same responses, looked at otherwise: {RunWords.Title(survey.Group)}");
            console.WriteLine();
            int width = Math.Max(22, survey.Views.Max(view => view.View.Length) + 1);
            console.WriteLine(
                "  view".PadRight(width + 2)
                    + string.Concat(Enumerable.Range(1, Shown).Select(mode => $"mode {mode}     ρ |cos|".PadLeft(CellWidth)))
            );
            foreach (SurveyedView view in survey.Views)
            {
                string modes = view.Modes.Count == 0 ? $"  {view.Reason}" : string.Concat(view.Modes.Take(Shown).Select(Cell));
                console.WriteLine("  " + view.View.PadRight(width) + modes);
            }
        }

        console.Note(Explanation);
    }

    private static string Cell(SurveyMode mode) =>
        (
            $"{NumberScale.Percent(mode.ExplainedVariance)}  {ReproducibilityView.OfReliability(mode.Reliability), 5} "
            + $"{NumberScale.Two(mode.Alignment), 5}"
        ).PadLeft(CellWidth);
}
