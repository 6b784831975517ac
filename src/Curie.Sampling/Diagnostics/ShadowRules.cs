using System.Globalization;
using Curie.Sampling.Networks;

namespace Curie.Sampling.Diagnostics;

/// <summary>The verdicts on the response that shadows measure.</summary>
public static class ShadowRules
{
    /// <summary>
    /// A shadow that is so much further away in the last third of the draws than in the middle one has not reached the distance at which it
    /// stays: by then the burn-in and a
    /// third of the draws should have built up all but e⁻³ of it.
    /// </summary>
    public const double LargestGrowth = 1.1;

    /// <summary>
    /// Half the relative difference of the responses at s and at −s, which is the error that s makes, from which the second order in s is
    /// no longer small beside sampling errors.
    /// </summary>
    public const double LargestNonlinearity = 0.1;

    /// <summary>How many standard errors a growth must have above its limit.</summary>
    private const double Errors = 4;

    /// <summary>Applies the rules.</summary>
    /// <param name="shadow">How far the shadows went; null for none.</param>
    /// <param name="nonlinearity">‖c(s) − c(−s)‖/‖c(s) + c(−s)‖ over tokens; null where it is not known.</param>
    /// <param name="resolution">What the perturbation changes the loss by, in units of float32's rounding; null where it is not
    /// known.</param>
    public static IEnumerable<Verdict> Judge(ShadowStatistics? shadow, double? nonlinearity, double? resolution = null)
    {
        if (shadow is not null && shadow.Growth - (Errors * shadow.GrowthError) > LargestGrowth)
        {
            yield return new Verdict(
                VerdictKind.ResponseNotSettled,
                $"the response did not settle: the shadows are {Text(shadow.Growth)} times as far from their chains in the last third of "
                    + "the draws as in the middle third, so localisation does not hold them together: more burn-in, or a larger "
                    + "localization."
            );
        }

        if (resolution < Perturbation.LeastResolution)
        {
            yield return new Verdict(
                VerdictKind.PerturbationTooSmall,
                $"the perturbation is too small: it changes the loss by {Text(resolution.Value)} units of float32's rounding, so the "
                    + "covariance is mostly that: give a larger perturbation_strength, or leave it out and the program chooses."
            );
        }
        else if (nonlinearity > LargestNonlinearity)
        {
            yield return new Verdict(
                VerdictKind.PerturbationTooLarge,
                $"the perturbation is too large: the responses to it and to its opposite each lie {Text(100 * nonlinearity.Value)} % of "
                    + "their size from their mean, so the covariance is not of first order: give a smaller perturbation_strength, or a "
                    + "larger localization."
            );
        }
    }

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
