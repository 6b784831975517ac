using System.Globalization;
using Curie.Response.Factors;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Draws the turned modes of every group.</summary>
internal static class FactorView
{
    /// <summary>What turning means.</summary>
    public const string Explanation =
        "The space of the modes above, turned: varimax so that each factor loads on few components, independent components so that "
        + "scores are as independent over tokens as can be. A large kurtosis says that few tokens carry the factor.";

    /// <summary>Draws both methods.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<GroupFactors> groups)
    {
        foreach (GroupFactors group in groups)
        {
            console.Heading($"Turned modes, {RunWords.Title(group.Group)}: the first {group.Modes}");
            console.WriteLine();
            ModeFactor[] factors = [.. group.Varimax, .. group.Independent];
            string[] components = [.. factors[0].Loadings.Keys];
            new HeatTable([.. factors.Select(Label)], components, (row, column) => Cell(factors[row].Loadings[components[column]])).Draw(
                console
            );
            if (!group.Converged)
            {
                ReproducibilityView.Sentence(
                    console,
                    "The independent components did not settle: do not read them. Scores this close to Gaussian have none."
                );
            }
        }

        if (groups.Count > 0)
        {
            console.Note(Explanation);
        }
    }

    private static string Label(ModeFactor factor) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(factor.Method == FactorMethod.Varimax ? "varimax" : "independent")} {factor.Number} "
                + $"{NumberScale.Percent(factor.ExplainedVariance), 9}, kurtosis {factor.Kurtosis:0.0} "
        );

    private static HeatCell Cell(double loading) =>
        new(loading.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture), null, loading, Dim: false);
}
