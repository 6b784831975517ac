using System.Globalization;
using Curie.Networks.Components;
using Curie.Numerics;
using Curie.Numerics.Benchmarking;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Sampling.Networks;

namespace Curie.Cli.Reports;

/// <summary>Says before a run which components are sampled together, how much memory that takes and about how long.</summary>
internal static class PlanView
{
    /// <summary>
    /// The part of the processor's peak that runs use of their counted operations, all things included (docs/performance.md); the
    /// estimate of a run's time is no better than this.
    /// </summary>
    private const double UsedPeak = 0.65;

    /// <summary>The plan in words. Measures the processor's peak for a twentieth of a second.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <param name="times">How many times it is carried out.</param>
    public static string Text(SamplingPlan plan, Machine machine, int times = 1)
    {
        double peak = MachinePeak.Measure(machine.Kernels.Width, machine.Pool);
        double once = plan.UpdateOperations + plan.DrawOperations;
        double operations = times * once;
        TimeSpan time = TimeSpan.FromSeconds(operations / (peak * 1e9 * UsedPeak));
        string groups = string.Join("; ", plan.Groups.Select(group => Names(group.Components)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Plan: {groups}. At most {SamplingPlan.Size(plan.PeakBytes)} of the {SamplingPlan.Size(plan.Limit)} allowed, "
                + $"{SamplingPlan.Size(plan.PeakBytes - plan.Bytes)} of it for activations kept from draw to draw. "
                + $"{operations:0.#e0} operations{(times == 1 ? "" : $" in {Counted.Of(times, "measurement")}")}, "
                + $"{plan.UpdateOperations / once:0 %} of them updates and {plan.DrawOperations / once:0 %} evaluations of draws: about "
                + $"{Words(time)} on {Counted.Of(machine.Pool.Workers, "thread")} (at {UsedPeak:0 %} of the {peak:0} GFLOP/s measured "
                + $"now). Twice the draws, chains, rows or components take twice as long."
        );
    }

    private static string Names(IReadOnlyList<Component> components) =>
        components.Count switch
        {
            1 => components[0].Name,
            <= 3 => string.Join(" + ", components.Select(component => component.Name)) + " in lockstep",
            _ => $"{components[0].Name} … {components[^1].Name}, {components.Count} in lockstep",
        };

    private static string Words(TimeSpan time) =>
        time switch
        {
            { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} hours"),
            { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} minutes"),
            _ => Counted.Of((long)Math.Round(Math.Max(1, time.TotalSeconds)), "second"),
        };
}
