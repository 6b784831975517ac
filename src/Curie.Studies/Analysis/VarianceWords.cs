using Curie.Response.Estimators;
using Curie.Response.Modes;

namespace Curie.Studies.Analysis;

/// <summary>Says in sentences how the two terms of χ share its variance over tokens, and how well single values are known.</summary>
public static class VarianceWords
{
    /// <summary>From this share of the variance on, the reader is told that χ shows the common factor.</summary>
    public const double DominatedFrom = 0.9;

    private const double NoisyFrom = 0.5;

    /// <summary>What a dominant renormalisation means for the signs of χ.</summary>
    public const string CommonFactor =
        "Read χ's signs with care: where renormalisation is nearly all of χ, they follow the factor that all components share, how much "
        + "harder or easier a text becomes in the full run, and a head that serves a text can seem to suppress it. What one component "
        + "does by itself is in the covariance.";

    /// <summary>One sentence on a single χ of a group, and on a single covariance, against their own errors.</summary>
    public static string Precision(VarianceSplit split)
    {
        PartSpread chi = split[ResponsePart.Susceptibility];
        PartSpread covariance = split[ResponsePart.Covariance];
        string noise =
            chi.NoiseShare >= NoisyFrom
                ? $"sampling error makes up {NumberScale.Percent(Math.Min(chi.NoiseShare, 1))} of the variance: trust means over many "
                    + "tokens, not single ones"
                : $"sampling error makes up {NumberScale.Percent(chi.NoiseShare)} of the variance";
        return $"{split.Group}: a single χ has a standard error of {Ratio(chi)} its s.d. over tokens ({noise}); a single covariance, "
            + $"{Ratio(covariance)}.";
    }

    private static string Ratio(PartSpread spread) => $"{NumberScale.Four(spread.StandardError / spread.StandardDeviation)} ×";
}
