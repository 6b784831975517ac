using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Says in words how the two terms of χ share its variance over tokens, and how well single values are known.</summary>
internal static class VarianceView
{
    /// <summary>Draws one line per group, and the precision of single values below.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<VarianceSplit> splits)
    {
        console.Heading("Where χ's variance over tokens comes from (χ = covariance + renormalization)");
        console.WriteLine();
        console.WriteLine(
            $"  {"group", -8}{"renormalization", 16}{"covariance", 14}{"2·cross term", 14}{"s.d. over tokens", 18}{"typical SE", 13}   "
                + "nats²"
        );
        foreach (VarianceSplit split in splits)
        {
            PartSpread chi = split[ResponsePart.Susceptibility];
            console.WriteLine(
                $"  {split.Group, -8}{NumberScale.Percent(split.RenormalizationShare), 16}{NumberScale.Percent(split.CovarianceShare), 14}"
                    + $"{NumberScale.Percent(split.CrossShare), 14}{NumberScale.Four(chi.StandardDeviation), 18}"
                    + $"{NumberScale.Four(chi.StandardError), 13}"
            );
        }

        console.WriteLine();
        foreach (VarianceSplit split in splits)
        {
            Sentence(console, VarianceWords.Precision(split));
        }

        if (splits.Any(split => split.RenormalizationShare >= VarianceWords.DominatedFrom))
        {
            Sentence(console, VarianceWords.CommonFactor);
        }
    }

    private static void Sentence(IAnsiConsole console, string text) =>
        console.Write(new Padder(new Markup(Markup.Escape(text)), new Padding(2, 0, 0, 0)));
}
