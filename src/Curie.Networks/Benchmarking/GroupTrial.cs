using System.Diagnostics;
using System.Globalization;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Restricted;
using Curie.Numerics.Memory;
using Curie.Text.Packing;

namespace Curie.Networks.Benchmarking;

/// <summary>
/// Does a little of the work of sampling a group of components, so as to know how long all of it will take: the share of the processor's
/// peak that it uses depends on the kind of component, on the model's shape and on the machine.
/// </summary>
public static class GroupTrial
{
    private const double Seconds = 0.1;
    private const int WarmUps = 2;
    private const int FewestRuns = 2;

    /// <summary>Rows at most that are tried: as many as keep 8 workers busy.</summary>
    private const int MostRows = 8;

    /// <summary>
    /// What kind of work a component is; components of one kind need to be tried once: heads of the last layer, heads of earlier ones, and
    /// of others those of equal size.
    /// </summary>
    public static string KindOf(ParameterLayout layout, Component component)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(component);
        return HeadPlace.Find(layout, component.Restriction) is { } place
            ? place.Layer == layout.Config.Layers - 1
                ? "last"
                : "earlier"
            : component.Restriction.Dimension.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Tries one group for some tenths of a second, or for four runs of either kind of work where they take longer.</summary>
    /// <param name="network">The network at w*.</param>
    /// <param name="components">Components that share a group.</param>
    /// <param name="slots">How many weight vectors of each are evaluated together.</param>
    /// <param name="gradientSlots">How many of them are asked for gradients together.</param>
    /// <param name="rows">Token rows.</param>
    /// <param name="evaluated">The rows whose losses are evaluated at draws; some are tried.</param>
    /// <param name="batchSize">The rows of a minibatch; no more than eight are tried.</param>
    /// <param name="frozenShare">The share of frozen activations that there is memory for, from 0 to 1.</param>
    public static GroupPace Measure(
        FrozenNetwork network,
        IReadOnlyList<Component> components,
        int slots,
        int gradientSlots,
        TokenRows rows,
        IReadOnlyList<int> evaluated,
        int batchSize,
        double frozenShare
    )
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(evaluated);
        int workers = network.Evaluator.Machine.Pool.Workers;
        GroupCost cost = GroupCost.Of(network.Layout, components[0], slots, workers, null, gradientSlots, rows.ContextLength);
        using IRestrictedGroup group = RestrictedGroups.Create(network, components, slots, gradientSlots);
        Load(group);
        return new GroupPace(
            Gradient(group, cost, Math.Min(gradientSlots, group.GradientSlots), rows, batchSize, workers),
            Losses(group, cost, rows, [.. evaluated.Take(MostRows)], frozenShare, workers)
        );
    }

    private static void Load(IRestrictedGroup group)
    {
        for (int component = 0; component < group.Components.Count; component++)
        {
            float[] w = new float[group.Components[component].Restriction.Dimension];
            group.CopyOrigin(component, w);
            for (int slot = 0; slot < group.Slots; slot++)
            {
                group.Load(component, slot, w);
            }
        }
    }

    private static double Gradient(IRestrictedGroup group, GroupCost cost, int slots, TokenRows rows, int batchSize, int workers)
    {
        LoadedWeights[] points = Points(group, slots);
        AlignedBuffer<float>[] gradients =
        [
            .. points.Select(point => new AlignedBuffer<float>(group.Components[point.Component].Restriction.Dimension)),
        ];
        try
        {
            int[] batch = [.. Enumerable.Range(0, Math.Min(rows.Count, Math.Min(MostRows, batchSize)))];
            double[] losses = new double[points.Length];
            double operations =
                (double)batch.Length * (rows.ContextLength - 1) * (cost.GradientShared + (points.Length * cost.GradientEach));
            return Time(workers, () => group.LossesAndGradients(rows, batch, points, losses, gradients)) / operations;
        }
        finally
        {
            Array.ForEach(gradients, gradient => gradient.Dispose());
        }
    }

    private static double Losses(IRestrictedGroup group, GroupCost cost, TokenRows rows, int[] evaluated, double frozenShare, int workers)
    {
        LoadedWeights[] points = Points(group, group.Slots);
        long tokens = (long)evaluated.Length * (rows.ContextLength - 1);
        long memory = (long)(frozenShare * tokens * (cost.FrozenShared + (group.Components.Count * cost.FrozenEach)));
        using IFrozenRows frozen = group.Freeze(rows, evaluated, null, memory);
        frozen.UseSpareMemory(Math.Max(0, memory - frozen.FrozenBytes));
        float[] losses = new float[points.Length * tokens];
        return Time(workers, () => frozen.Losses(points, losses, [])) / (tokens * (cost.LossShared + (points.Length * cost.LossEach)));
    }

    private static LoadedWeights[] Points(IRestrictedGroup group, int slots) =>
        [.. Enumerable.Range(0, group.Components.Count * slots).Select(i => new LoadedWeights(i / slots, i % slots))];

    /// <summary>
    /// Seconds of a run where nothing else takes the processor: the shortest of several after some that warm up, or of a single thread
    /// the processor time of one, where that is less.
    /// </summary>
    private static double Time(int workers, Action run)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            run();
        }

        long begin = Stopwatch.GetTimestamp();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        double shortest = double.PositiveInfinity;
        int runs = 0;
        do
        {
            long start = Stopwatch.GetTimestamp();
            run();
            shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(start).TotalSeconds);
            runs++;
        } while (runs < FewestRuns || Stopwatch.GetElapsedTime(begin).TotalSeconds < Seconds);
        return workers > 1 ? shortest : Math.Min(shortest, (Environment.CpuUsage.TotalTime - processor).TotalSeconds / runs);
    }
}
