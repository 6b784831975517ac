using System.Globalization;
using Curie.Numerics.Statistics;
using Curie.Sampling.Samplers;

namespace Curie.Sampling.Diagnostics;

/// <summary>The verdicts on where chains live and on what their steps do to the law, from pulls and acceptance rates.</summary>
internal static class BasinRules
{
    /// <summary>
    /// A law that the sampler widens by more than a tenth is named: λ̂ and variances are then too large by as much.
    /// </summary>
    public const double LargestTemperature = 1.1;

    /// <summary>εa of which SGLD widens a quadratic mode by that much: 1/(1 − x/4) = 1.1.</summary>
    public const double LargestStepCurvature = 4 * (1 - (1 / LargestTemperature));

    /// <summary>Applies the rules; each speaks only where its finding exceeds its error at <see cref="HealthRules.Confidence"/>.</summary>
    public static IEnumerable<Verdict> Judge(ComponentHealth health, BasinStatistics? basin, SamplingOptions options, int dimension)
    {
        if (basin is not null && LeftBasin(basin))
        {
            yield return new Verdict(
                VerdictKind.LeftBasin,
                $"the loss rises by {Text(basin.Rise.Mean)} but levels off on the way (growth exponent {Text(basin.GrowthExponent)}, "
                    + "where every basin convex around the checkpoint has at least 1 and a regular minimum 2), so the chains have left "
                    + "the checkpoint's basin: raise localization, or lower nbeta."
            );
        }
        else if (basin is not null && ExceedsEveryMinimum(basin, options, dimension))
        {
            yield return new Verdict(
                VerdictKind.AboveEveryMinimum,
                $"nbeta times the rise of the loss is {Text(options.NBeta * basin.Rise.Mean)}, more than half of the {dimension} "
                    + "dimensions, which no minimum has: lower step_size or nbeta, enlarge batch_size, or raise localization."
            );
        }

        if (basin?.Temperature is { } temperature && temperature.Mean - temperature.HalfWidth(HealthRules.Confidence) > LargestTemperature)
        {
            yield return new Verdict(
                VerdictKind.Overheated,
                $"the chains are {Text(temperature.Mean)} times as hot as the posterior, by minibatch noise or too large a step, and λ̂ "
                    + "is too large with them: enlarge batch_size, lower step_size, or take the sampler sgnht."
            );
        }
        else if (StepIsTooLarge(health, options, dimension))
        {
            yield return new Verdict(
                VerdictKind.StepTooLarge,
                $"a Metropolis test would accept {Text(100 * health.MalaAcceptance)} % of the steps, fewer than where the step widens "
                    + "every direction by a tenth: lower step_size, or enlarge batch_size."
            );
        }
    }

    private static bool LeftBasin(BasinStatistics basin) =>
        basin.GrowthExponent < 1 && basin.ConvexityGap.Mean < -basin.ConvexityGap.HalfWidth(HealthRules.Confidence);

    /// <summary>
    /// λ ≤ d/2 for every minimum, regular or not (Watanabe 2009), and nβE[∇L·(w − w*)] ≤ d·σ² with a growth exponent of at least 2 gives
    /// the
    /// same for the chain, up to what the step adds.
    /// </summary>
    private static bool ExceedsEveryMinimum(BasinStatistics basin, SamplingOptions options, int dimension)
    {
        double largest = LargestTemperature * dimension * options.NoiseLevel * options.NoiseLevel / 2;
        return options.NBeta * (basin.Rise.Mean - basin.Rise.HalfWidth(HealthRules.Confidence)) > largest;
    }

    private static bool StepIsTooLarge(ComponentHealth health, SamplingOptions options, int dimension)
    {
        if (health.MalaAcceptance is not { } rate || options.Sampler == Sampler.Mala)
        {
            return false;
        }

        // min(1, r) lies between 0 and 1, so four standard errors of n of them are 2/√n at most.
        double steps = ((double)options.Chains - health.Failures.Count) * (options.UpdatesPerChain - options.BurnIn);
        return rate + (2 / Math.Sqrt(steps)) < MalaRate.OfQuadratic(LargestStepCurvature, dimension);
    }

    private static string Text(double? value) => value!.Value.ToString("G3", CultureInfo.InvariantCulture);
}
