using System.Globalization;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Diagnostics;

/// <summary>
/// Whether the chains left w* at all. Where they did not, P is L0 by construction: constant or white traces look settled, and what they say
/// of
/// convergence, of the loss around w* and of λ̂ has no content. Chains on their way are another matter, that of drifts.
/// </summary>
internal static class MotionRules
{
    /// <summary>
    /// 2⁻²⁴, by how much rounding to float32 changes a number at most, relative to it: rounding every weight once moves w* by at most this
    /// times ‖w*‖.
    /// </summary>
    public const double Rounding = 1.0 / (1 << 24);

    /// <summary>
    /// The temperature below which chains have hardly left w*. The temperature is 1 wherever loss and localisation together hold the
    /// chains, however
    /// stiff the loss. Of chains that feel neither yet, γE‖w − w*‖² is dσ²·εγt after t updates, so that over T of them the temperature is
    /// εγT/2: a
    /// hundredth is a hundredth of the 2/(εγ) updates in which localisation alone forgets w*.
    /// </summary>
    public const double LeastTemperature = 0.01;

    /// <summary>The same as a share of the distance: √0.01.</summary>
    public const double LeastDistanceRatio = 0.1;

    /// <summary>
    /// The least nβ(E[P] − L0), in σ². Every direction in which the loss holds the chains adds σ²/p to it, p ≥ 2 the degree in which the
    /// loss grows:
    /// below ¼ there is not one regular direction, nor one of degree 3.
    /// </summary>
    public const double LeastRise = 0.25;

    /// <summary>The verdict where the chains did not move, otherwise null.</summary>
    public static Verdict? Judge(ComponentHealth health, BasinStatistics? basin, ComponentReport report)
    {
        if (health.Distance is not { } distance)
        {
            return null;
        }

        double rounding = Rounding * report.OriginNorm;
        if (report.HealthyChains.All(chain => report.Distances[chain] <= rounding))
        {
            return Say(
                $"the chains did not move: they end {Text(distance)} from the checkpoint, no further than rounding its weights to "
                    + $"float32 would carry them, so that λ̂ says nothing of the loss: {Remedy(health, report.Options, rounding)}."
            );
        }

        if (HardlyMoved(distance, health, basin, report))
        {
            string reach = health.LocalizationDistance is { } held
                ? $"where localisation alone would let them go {Text(held)}"
                : $"whose weights have the norm {Text(report.OriginNorm)}";
            return Say(
                $"the chains did not move far enough to feel the loss: they end {Text(distance)} from the checkpoint, {reach}: raise "
                    + "step_size, or make many more updates."
            );
        }

        return null;
    }

    /// <summary>
    /// Neither localisation nor the loss has been felt, in the mean nor in any one direction, nor have the chains got anywhere in the
    /// meantime.
    /// </summary>
    private static bool HardlyMoved(double distance, ComponentHealth health, BasinStatistics? basin, ComponentReport report)
    {
        SamplingOptions options = report.Options;
        double reach = health.LocalizationDistance ?? report.OriginNorm;
        return basin?.Temperature is { } temperature
            && Math.Abs(temperature.Mean) + temperature.HalfWidth(HealthRules.Confidence) < LeastTemperature
            && Math.Abs(options.NBeta * basin.Rise.Mean) < LeastRise * options.NoiseLevel * options.NoiseLevel
            && distance < LeastDistanceRatio * reach;
    }

    private static string Remedy(ComponentHealth health, SamplingOptions options, double rounding) =>
        options switch
        {
            { NoiseLevel: 0 } => "with noise_level 0 only a gradient moves them, and here there is none; raise noise_level",
            { Sampler.NeedsExactLosses: true } => "no step was accepted; lower step_size",
            _ when health.LocalizationDistance <= rounding => "lower localization, which holds them there",
            _ => "raise step_size",
        };

    private static Verdict Say(string sentence) => new(VerdictKind.DidNotMove, sentence);

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
