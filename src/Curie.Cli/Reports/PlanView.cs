using System.Globalization;
using Curie.Cli.Invocation;
using Curie.Cli.Output;
using Curie.Cli.Reports.Conclusions;
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
    /// The plan in words, in lines of 100 columns.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <param name="trial">How long it takes, as tried; null where that cannot be tried: it is then reckoned from the processor's peak,
    /// which is measured for a twentieth of a second.</param>
    /// <param name="times">How many times it is carried out.</param>
    public static string Text(SamplingPlan plan, Machine machine, PlanTrial? trial, int times = 1) =>
        string.Join('\n', ProseLines.Wrap(Sentences(plan, machine, trial, times), ProseLines.Width));

    private static string Sentences(SamplingPlan plan, Machine machine, PlanTrial? trial, int times)
    {
        double once = plan.Operations;
        double operations = times * once;
        double peak = trial is null ? MachinePeak.Measure(machine.Kernels.Width, machine.Pool) : 0;
        TimeSpan time = trial is null ? WorkTime.Of(operations, peak) : times * trial.Time;
        string how = trial is null
            ? string.Create(CultureInfo.InvariantCulture, $"at {WorkTime.UsedPeak:0 %} of the {peak:0} GFLOP/s measured now")
            : "as tried now, if nothing else runs";
        string groups = string.Join("; ", plan.Groups.Select(group => Names(group.Components)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Plan: {groups}. At most {SamplingPlan.Size(plan.PeakBytes)} of the {SamplingPlan.Size(plan.Limit)} allowed, "
                + $"{SamplingPlan.Size(plan.PeakBytes - plan.Bytes)} of it for activations kept from draw to draw. "
                + $"{LargeNumber.Of(operations)} operations{(times == 1 ? "" : $" in {Counted.Of(times, "measurement")}")}, "
                + $"{plan.UpdateOperations / once:0 %} of them updates and {plan.DrawOperations / once:0 %} evaluations of draws: about "
                + $"{WorkTime.Words(time)} on {Counted.Of(machine.Pool.Workers, "thread")} ({how}). "
                + $"Twice the draws, chains, rows or components take twice as long."
        );
    }

    private static string Names(IReadOnlyList<Component> components) =>
        components.Count switch
        {
            1 => components[0].Name,
            <= 3 => string.Join(" + ", components.Select(component => component.Name)) + " in lockstep",
            _ => $"{components[0].Name} … {components[^1].Name}, {components.Count} in lockstep",
        };
}
