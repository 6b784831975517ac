using Curie.Response.Estimators;
using Curie.Response.Modes;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Says in words how the two terms of χ share its variance over tokens, and how well single values are known.</summary>
internal static class VarianceView
{
    private const double NoisyFrom = 0.5;

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
            console.Write(new Padder(new Markup(Markup.Escape(Precision(split))), new Padding(2, 0, 0, 0)));
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

    private static string Ratio(PartSpread spread) => $"{NumberScale.Four(spread.StandardError / spread.StandardDeviation)} ×";
}
