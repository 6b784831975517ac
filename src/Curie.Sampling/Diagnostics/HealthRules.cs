using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Statistics;

namespace Curie.Sampling.Diagnostics;

/// <summary>
/// The thresholds of the verdicts. Drifts are judged between thirds of the draws (the first, the middle and the last, over all chains):
/// one counts if it is <see cref="DriftErrors"/> standard errors and a tenth of the level above L0, so that neither noise nor a
/// drift too small to matter for λ̂ is reported.
/// </summary>
internal static class HealthRules
{
    /// <summary>Draws that the chains' statistics need: six for each third, nine for each half that R̂ compares.</summary>
    public const int LeastDraws = 18;

    /// <summary>
    /// Vehtari et al. (2021) ask for 1.01 of long runs; the few hundred correlated draws of one component scatter above that when
    /// nothing is wrong.
    /// </summary>
    public const double LargestRHat = 1.05;

    /// <summary>With fewer, the relative error of a standard error, about 1/√(2·ESS), exceeds a tenth.</summary>
    public const double LeastEffectiveDraws = 50;

    /// <summary>How sure a verdict on a mean must be: one in 10,000 is wrong by chance.</summary>
    public const double Confidence = 0.9999;

    /// <summary>From this many of Geweke's standard errors on, which chance exceeds once in 16,000 times, the first draws differ.</summary>
    public const double LargestGewekeZ = 4;

    /// <summary>How many standard errors a drift must have.</summary>
    public const double DriftErrors = 4;

    /// <summary>The share of the level above L0 that a drift must have.</summary>
    public const double DriftShare = 0.1;

    /// <summary>The share of draws below L0 from which w* is called no minimum.</summary>
    public const double LargestShareBelowInitLoss = 0.25;

    /// <summary>
    /// How many times the localisation-only distance counts as dragged away, beside four standard deviations of that distance: its
    /// square over C chains of d weights is χ² with C·d degrees of freedom, relative deviation √(2/(C·d)).
    /// </summary>
    public const double LargestDistanceRatio = 1.5;

    /// <summary>Applies every rule; those on the course of traces only to chains that moved.</summary>
    /// <param name="health">The component's figures.</param>
    /// <param name="trace">P per healthy chain and draw.</param>
    /// <param name="options">How it was sampled.</param>
    /// <param name="dimension">d.</param>
    /// <param name="standstill">What <see cref="MotionRules"/> says; null where the chains moved.</param>
    public static IReadOnlyList<Verdict> Judge(
        ComponentHealth health,
        double[][] trace,
        SamplingOptions options,
        int dimension,
        Verdict? standstill
    )
    {
        List<Verdict> verdicts = [.. health.Failures.Select(failure => new Verdict(VerdictKind.ChainsStopped, failure.ToString()))];
        if (trace.Length < 2)
        {
            verdicts.Add(
                new Verdict(
                    VerdictKind.TooFewChains,
                    options.Antithetic
                        ? $"{Counted.Of(trace.Length, "healthy pair")} of chains cannot show whether pairs agree: "
                            + "run at least 2 pairs, better 4."
                        : $"{Counted.Of(trace.Length, "healthy chain")} cannot show whether chains agree: run at least 2, better 4."
                )
            );
        }

        if (trace.Length == 0)
        {
            return verdicts;
        }

        if (options.Draws < LeastDraws)
        {
            verdicts.Add(
                new Verdict(
                    VerdictKind.TooFewDraws,
                    $"{Counted.Of(options.Draws, "draw")} a chain {Counted.Word(options.Draws, "is", "are")} too few to judge "
                        + $"convergence: take at least {LeastDraws}."
                )
            );
        }

        if (standstill is not null)
        {
            verdicts.Add(standstill);
        }
        else
        {
            AddCourse(verdicts, trace, health, options);
        }

        AddPlace(verdicts, health, trace.Average(draws => draws.Average()), (double)trace.Length * dimension);
        return verdicts;
    }

    private static void AddCourse(List<Verdict> verdicts, double[][] trace, ComponentHealth health, SamplingOptions options)
    {
        if (options.Draws >= LeastDraws)
        {
            AddConvergence(verdicts, health);
            AddDrift(verdicts, trace, health, options);
        }

        if (health.FractionBelowInitLoss > LargestShareBelowInitLoss)
        {
            verdicts.Add(
                new Verdict(
                    VerdictKind.BelowInitLoss,
                    $"{Text(100 * health.FractionBelowInitLoss)} % of the draws have a lower loss than the checkpoint, which is no "
                        + "minimum of this loss: train further, raise localization, or read a small or negative coefficient as descent."
                )
            );
        }
    }

    private static void AddConvergence(List<Verdict> verdicts, ComponentHealth health)
    {
        if (health.RHat > LargestRHat)
        {
            verdicts.Add(
                new Verdict(
                    VerdictKind.ChainsDisagree,
                    $"the chains disagree (split R-hat {Text(health.RHat)}, at most {Text(LargestRHat)} is wanted): more burn-in, more "
                        + "draws or a larger localization."
                )
            );
        }

        if (health.EffectiveSampleSize < LeastEffectiveDraws)
        {
            verdicts.Add(
                new Verdict(
                    VerdictKind.TooFewEffectiveDraws,
                    $"all draws together are worth {Text(health.EffectiveSampleSize)} independent ones (autocorrelation time "
                        + $"{Text(health.AutocorrelationTime)} draws), so the standard error itself is uncertain: more draws or chains, "
                        + "or a larger steps_between_draws."
                )
            );
        }
    }

    private static void AddDrift(List<Verdict> verdicts, double[][] trace, ComponentHealth health, SamplingOptions options)
    {
        int third = options.Draws / 3;
        int last = options.Draws - third;
        double level = Math.Abs(TraceStatistics.Mean(trace, last, third).Mean - health.InitLoss);
        double late = Drift(trace, last - third, last, third, level);
        if (late > 0)
        {
            verdicts.Add(
                new Verdict(VerdictKind.StillRising, "the loss is still rising at the last draw: more burn-in, or a larger localization.")
            );
        }
        else if (late < 0)
        {
            verdicts.Add(
                new Verdict(
                    VerdictKind.StillFalling,
                    "the loss is still falling at the last draw: more burn-in; the checkpoint may not be at a minimum of this loss."
                )
            );
        }
        else if (Drift(trace, 0, last, third, level) != 0 || (Math.Abs(health.GewekeZ ?? 0) > LargestGewekeZ && PullsTheMean(trace)))
        {
            verdicts.Add(
                new Verdict(
                    VerdictKind.NotSettledAtStart,
                    $"the first draws come from before the chains settled and pull the mean (Geweke's z {Text(health.GewekeZ)}): set "
                        + $"burn_in to about {SettledAfter(trace, last, options)}."
                )
            );
        }
    }

    /// <summary>The difference between the means of two stretches of draws, or 0 where it is noise or too small to matter.</summary>
    private static double Drift(double[][] trace, int from, int to, int count, double level)
    {
        MeanEstimate before = TraceStatistics.Mean(trace, from, count);
        MeanEstimate after = TraceStatistics.Mean(trace, to, count);
        double difference = after.Mean - before.Mean;
        double errors = Math.Sqrt((before.StandardError * before.StandardError) + (after.StandardError * after.StandardError));
        return Math.Abs(difference) > DriftErrors * errors && Math.Abs(difference) > DriftShare * level ? difference : 0;
    }

    /// <summary>Whether the mean without the first tenth differs from the mean with it by more than its standard error.</summary>
    private static bool PullsTheMean(double[][] trace)
    {
        int draws = trace[0].Length;
        int first = Math.Max(1, (int)(Geweke.First * draws));
        MeanEstimate rest = TraceStatistics.Mean(trace, first, draws - first);
        return Math.Abs(rest.Mean - TraceStatistics.Mean(trace, 0, draws).Mean) > rest.StandardError;
    }

    /// <summary>
    /// The updates made when the mean over chains first crosses the level of the last third, and half as many again for safety.
    /// </summary>
    private static long SettledAfter(double[][] trace, int last, SamplingOptions options)
    {
        double level = TraceStatistics.Mean(trace, last, options.Draws - last).Mean;
        double Side(int draw) => trace.Average(draws => draws[draw]) - level;
        int crossing = 0;
        while (crossing < last && Math.Sign(Side(crossing)) == Math.Sign(Side(0)))
        {
            crossing++;
        }

        long updates = options.UpdatesAtDraw(crossing);
        return updates + (updates / 2);
    }

    private static void AddPlace(List<Verdict> verdicts, ComponentHealth health, double mean, double freedom)
    {
        if (mean > health.NullLine)
        {
            verdicts.Add(
                new Verdict(
                    VerdictKind.AboveNullLine,
                    $"the mean loss {Text(mean)} is above the uniform predictor's {Text(health.NullLine)}, so the chains do not sample "
                        + "the checkpoint's basin: raise localization, or lower nbeta or step_size."
                )
            );
        }
        else if (health.KnowledgeLost > ComponentHealth.LargestKnowledgeLost)
        {
            verdicts.Add(
                new Verdict(
                    VerdictKind.KnowledgeLost,
                    $"what the model knows is lost: the mean loss {Text(mean)} lies {Text(100 * health.KnowledgeLost)} % of the way from "
                        + $"the checkpoint's {Text(health.InitLoss)} to the null line {Text(health.NullLine)}, so the chains sample "
                        + "hardly anything of the trained model: raise localization, or, where they are hotter than the posterior, lower "
                        + "nbeta or step_size."
                )
            );
        }

        double largest = Math.Sqrt((LargestDistanceRatio * LargestDistanceRatio) + (4 * Math.Sqrt(2 / freedom)));
        if (health.Distance > largest * health.LocalizationDistance)
        {
            verdicts.Add(
                new Verdict(
                    VerdictKind.DraggedAway,
                    $"the chains end {Text(health.Distance)} from the checkpoint where localisation alone would keep them at "
                        + $"{Text(health.LocalizationDistance)}: the loss drags them away; raise localization, or lower nbeta or step_size."
                )
            );
        }
    }

    private static string Text(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "unknown";
}
