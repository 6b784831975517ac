using System.Globalization;
using Curie.Numerics;
using Curie.Response.Estimators;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Says how the response to a mixture agrees with the mean over a probe's tokens.</summary>
internal static class MixtureView
{
    private const string Explanation =
        "The response is linear in the probe: over components, the mean over a probe's tokens should be 1/δh times the response to base "
        + "text with a share δh of the probe mixed in, but for the base rows, whose response differs from 0 as far as they differ from "
        + "the rows that give the mean loss.";

    /// <summary>Draws one line per probe.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<MixtureRoute> routes)
    {
        console.Heading("Mean over tokens against measured mixtures");
        foreach (MixtureRoute route in routes)
        {
            ReproducibilityView.Sentence(
                console,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{route.Probe}: slope {route.Slope:0.00} ± {route.StandardError:0.00} over "
                        + $"{Counted.Of(route.Components, "component")}, where "
                        + $"1/δh = {1 / route.Rate:0.00}; r = {NumberScale.Two(route.Correlation)}."
                )
            );
        }

        console.Note(Explanation);
    }
}
