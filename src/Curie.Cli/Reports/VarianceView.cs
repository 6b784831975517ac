using Curie.Response.Estimators;
using Curie.Response.Modes;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Says in words how the two terms of χ share its variance over tokens, and how well single values are known.</summary>
internal static class VarianceView
{
    /// <summary>From this share of the variance on, the reader is told that χ shows the common factor.</summary>
    private const double DominatedFrom = 0.9;

    private const double NoisyFrom = 0.5;

    /// <summary>What a dominant renormalization means for the signs of χ.</summary>
    public const string CommonFactor =
        "Read χ's signs with care: where renormalization is nearly all of χ, they follow the factor that all components share, how much harder or easier a text "
        + "becomes in the full run, and a head that serves a text can seem to suppress it. What one component does by itself is in the covariance.";

    /// <summary>Draws one line per group, and the precision of single values below.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<VarianceSplit> splits)
    {
        console.Heading("Where χ's variance over tokens comes from (χ = covariance + renormalization)");
        console.WriteLine();
        console.WriteLine($"  {"group",-12}{"renormalization",16}{"covariance",14}{"2·cross term",14}{"s.d. over tokens",19}{"typical SE",13}   nats²");
        foreach (VarianceSplit split in splits)
        {
            PartSpread chi = split[ResponsePart.Susceptibility];
            console.WriteLine(
                $"  {split.Group,-12}{NumberScale.Percent(split.RenormalizationShare),16}{NumberScale.Percent(split.CovarianceShare),14}" +
                $"{NumberScale.Percent(split.CrossShare),14}{NumberScale.Four(chi.StandardDeviation),19}{NumberScale.Four(chi.StandardError),13}");
        }

        console.WriteLine();
        foreach (VarianceSplit split in splits)
        {
            Sentence(console, Precision(split));
        }

        if (splits.Any(split => split.RenormalizationShare >= DominatedFrom))
        {
            Sentence(console, CommonFactor);
        }
    }

    /// <summary>One sentence on a single χ of a group, and on a single covariance, against their own errors.</summary>
    public static string Precision(VarianceSplit split)
    {
        PartSpread chi = split[ResponsePart.Susceptibility];
        PartSpread covariance = split[ResponsePart.Covariance];
        string noise = chi.NoiseShare >= NoisyFrom
            ? $"sampling error makes up {NumberScale.Percent(Math.Min(chi.NoiseShare, 1))} of the variance: trust means over many tokens, not single ones"
            : $"sampling error makes up {NumberScale.Percent(chi.NoiseShare)} of the variance";
        return $"{split.Group}: a single χ has a standard error of {Ratio(chi)} its s.d. over tokens ({noise}); a single covariance, {Ratio(covariance)}.";
    }

    private static void Sentence(IAnsiConsole console, string text) =>
        console.Write(new Padder(new Markup(Markup.Escape(text)), new Padding(2, 0, 0, 0)));

    private static string Ratio(PartSpread spread) => $"{NumberScale.Four(spread.StandardError / spread.StandardDeviation)} ×";
}
