using System.Globalization;
using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Studies.Sharding;

namespace Curie.Cli.Reports;

/// <summary>How long counted operations take, and times in words.</summary>
internal static class WorkTime
{
    /// <summary>
    /// The part of the processor's peak that runs use of their counted operations, all things included (docs/performance.md), where
    /// no trial on this machine says it better: it is .55 to .85.
    /// </summary>
    public const double UsedPeak = 0.65;

    /// <summary>The time of so many floating-point operations.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="peak">The processor's peak, GFLOP/s, all threads together.</param>
    /// <param name="used">The part of it that is used.</param>
    public static TimeSpan Of(double operations, double peak, double used = UsedPeak) =>
        TimeSpan.FromSeconds(operations / (peak * 1e9 * used));

    /// <summary>
    /// The part of a core's peak that a study uses on this machine, as tried; where that cannot be, what runs use as a rule.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="core">The arithmetic on one thread.</param>
    /// <param name="peak">The core's peak, GFLOP/s, as measured here.</param>
    public static double UsedBy(ShardedStudy study, Machine core, double peak) =>
        study.PlanOfUnit() is { } plan && study.TrialOfUnit(core) is { Time.TotalSeconds: > 0 } trial
            ? plan.Operations / (trial.Time.TotalSeconds * peak * 1e9)
            : UsedPeak;

    /// <summary>A time in words, such as 2.5 hours.</summary>
    public static string Words(TimeSpan time) =>
        time switch
        {
            { TotalDays: >= 3 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} days"),
            { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} hours"),
            { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} minutes"),
            _ => Counted.Of((long)Math.Round(Math.Max(1, time.TotalSeconds)), "second"),
        };
}
