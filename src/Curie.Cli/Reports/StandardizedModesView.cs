using System.Globalization;
using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>
/// Draws the modes of a component's own responses, each component standardised, out of the survey: what is looked at before χ's modes,
/// which the full run's shift dominates.
/// </summary>
internal static class StandardizedModesView
{
    /// <summary>What the figures mean.</summary>
    public const string Meaning =
        "Every component is divided by its standard deviation over tokens, so that all weigh alike. A mode's share of the variance "
        + "stands before ρ, the share of its scores that repeats itself between halves of the draws. Loadings of one sign are what "
        + "components have in common; a mode whose loadings have both signs sets components against each other.";

    private static readonly ResponsePart[] Parts = [ResponsePart.Excess, ResponsePart.Covariance];

    /// <summary>Draws a table for every group of each part that the survey holds.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<ModeSurvey> surveys)
    {
        bool any = false;
        foreach (ResponsePart part in Parts)
        {
            string name = ResponseView.Standardized(part).Name([]);
            (string Group, SurveyedView View)[] views =
            [
                .. surveys.SelectMany(survey =>
                    survey.Views.Where(view => view.View == name && view.Modes.Count > 0).Select(view => (survey.Group, view))
                ),
            ];
            if (views.Length == 0)
            {
                continue;
            }

            any = true;
            console.Heading($"Modes of the {part.Name}, standardised");
            foreach ((string group, SurveyedView view) in views)
            {
                console.WriteLine();
                Draw(console, group, view);
            }
        }

        if (any)
        {
            console.WriteLine();
            console.Note(Meaning);
        }
    }

    private static void Draw(IAnsiConsole console, string group, SurveyedView view)
    {
        string[] components = [.. view.Modes[0].Loadings.Keys];
        double largest = view.Modes.SelectMany(mode => mode.Loadings.Values).Max(Math.Abs);
        console.WriteLine($"  {RunWords.Title(group)}");
        new HeatTable([.. view.Modes.Select(Label)], components, (mode, c) => Cell(view.Modes[mode].Loadings[components[c]], largest)).Draw(
            console
        );
    }

    private static string Label(SurveyMode mode) =>
        $"mode {mode.Mode} {NumberScale.Percent(mode.ExplainedVariance), 8}  ρ {ReproducibilityView.OfReliability(mode.Reliability), 4}";

    private static HeatCell Cell(double loading, double largest) =>
        new(
            (loading < 0 ? "-" : "+") + Math.Abs(loading).ToString("0.00", CultureInfo.InvariantCulture),
            null,
            loading / largest,
            Dim: false
        );
}
