using System.Globalization;
using Curie.Response.Attribution;
using Curie.Studies.Analysis;
using Spectre.Console;

namespace Curie.Cli.Reports;

/// <summary>Says in words which part of χ the variance of each mode comes from.</summary>
internal static class AttributionView
{
    /// <summary>What the shares are.</summary>
    public const string Explanation =
        "A mode's score is the sum of three scores along the same loadings: χ = covariance + φ·f − φ·d, with f and d the shifts of the "
        + "full and of the restricted run since w*. A share is Cov(term, score)/Var(score), with its standard error by resampling; "
        + "shares sum to 100 %.";

    private const double Most = 0.9;

    private static readonly Dictionary<string, string> Names = new()
    {
        ["covariance"] = "covariance",
        ["restricted_shift"] = "restricted shift",
        ["full_shift"] = "full shift",
    };

    /// <summary>Draws one line per mode and one sentence on each.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<ModeAttribution> modes)
    {
        if (modes.Count == 0)
        {
            return;
        }

        console.Heading("Which part of χ its modes come from");
        console.WriteLine();
        console.WriteLine($"  {"mode", -18}{"φ·f (full run)", 24}{"−φ·d (restricted run)", 24}{"covariance", 24}");
        foreach (ModeAttribution mode in modes)
        {
            console.WriteLine(
                $"  {Title(mode), -18}{Share(mode["full_shift"]), 24}{Share(mode["restricted_shift"]), 24}{Share(mode["covariance"]), 24}"
            );
        }

        console.WriteLine();
        foreach (ModeAttribution mode in modes)
        {
            ReproducibilityView.Sentence(console, Describe(mode));
        }

        console.Note(Explanation);
    }

    /// <summary>One sentence on a mode.</summary>
    public static string Describe(ModeAttribution mode)
    {
        TermShare[] terms = [.. mode.Terms.Where(term => term.Term != "renormalization")];
        TermShare largest = terms.MaxBy(term => term.Share.Value)!;
        string source =
            largest.Share.Value < Most
                ? "is a mixture: no term gives nine tenths of its variance"
                : largest.Term switch
                {
                    "full_shift" =>
                        $"is the full run's shift, one vector over tokens that all components share: {Amount(largest.Share.Value)}",
                    "covariance" => $"comes from the covariance, what the components do by themselves: {Amount(largest.Share.Value)}",
                    _ => $"comes from the restricted runs' own shifts: {Amount(largest.Share.Value)}",
                };
        string noise = IsNoise(largest)
            ? $"But these are mostly sampling error (reliability {ReproducibilityView.OfReliability(largest.Reliability)}): "
                + $"{ReproducibilityView.Needed(largest.DrawsNeeded)}."
            : string.Join(
                ' ',
                terms
                    .Where(term => term != largest && IsNoise(term))
                    .Select(term =>
                        $"Its {Names[term.Term]} is below the noise (reliability {ReproducibilityView.OfReliability(term.Reliability)}): "
                        + $"{ReproducibilityView.Needed(term.DrawsNeeded)}."
                    )
            );
        return $"{Title(mode)} {source}. {noise}".TrimEnd();
    }

    private static bool IsNoise(TermShare term) => double.IsFinite(term.HalfCorrelation) && !(term.Reliability >= 0.5);

    private static string Amount(double share) =>
        share > 1
            ? $"more than all of its variance ({NumberScale.Percent(share)}), of which the other terms take some away"
            : $"{NumberScale.Percent(share)} of its variance";

    private static string Title(ModeAttribution mode) => $"{mode.Group} mode {mode.Mode}";

    private static string Share(TermShare term) =>
        double.IsNaN(term.Share.StandardError)
            ? NumberScale.Percent(term.Share.Value)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{NumberScale.Percent(term.Share.Value)} ± {100 * term.Share.StandardError:0.00}"
            );
}
