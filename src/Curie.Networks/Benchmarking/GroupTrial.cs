using System.Globalization;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Restricted;
using Curie.Numerics.Benchmarking;
using Curie.Numerics.Memory;
using Curie.Text.Packing;

namespace Curie.Networks.Benchmarking;

/// <summary>
/// Does a little of the work of sampling a group of components, so as to know how long all of it will take: the share of the processor's
/// peak that it uses depends on the kind of component, on the model's shape and on the machine.
/// </summary>
public static class GroupTrial
{
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

    /// <summary>Tries one group for some tenths of a second, or for a few runs of either kind of work where they take longer.</summary>
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
        float[][] origins = Origins(group);
        int evaluations = components.Count * group.Slots;
        return new GroupPace(
            Gradient(group, origins, cost, Math.Min(gradientSlots, group.GradientSlots), rows, batchSize, workers),
            evaluations
                * SecondsPerToken(group, origins, cost, rows, evaluated, frozenShare, workers)
                / (cost.LossShared + (evaluations * cost.LossEach))
        );
    }

    /// <summary>
    /// The seconds that a group takes for the loss of one token at one weight vector of one component, as tried for a tenth of a second.
    /// </summary>
    /// <param name="network">The network at w*.</param>
    /// <param name="components">Components that share a group.</param>
    /// <param name="slots">How many weight vectors of each are evaluated together.</param>
    /// <param name="rows">Token rows.</param>
    /// <param name="evaluated">The rows whose losses are evaluated; some are tried.</param>
    /// <param name="frozenShare">The share of frozen activations that there is memory for, from 0 to 1.</param>
    public static double SecondsPerToken(
        FrozenNetwork network,
        IReadOnlyList<Component> components,
        int slots,
        TokenRows rows,
        IReadOnlyList<int> evaluated,
        double frozenShare
    )
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(evaluated);
        int workers = network.Evaluator.Machine.Pool.Workers;
        GroupCost cost = GroupCost.Of(network.Layout, components[0], slots, workers, rowLength: rows.ContextLength);
        using IRestrictedGroup group = RestrictedGroups.Create(network, components, slots);
        return SecondsPerToken(group, Origins(group), cost, rows, evaluated, frozenShare, workers);
    }

    /// <summary>The weights of every component at w*, of which each evaluation loads what it needs anew, as after an update.</summary>
    private static float[][] Origins(IRestrictedGroup group)
    {
        float[][] origins = [.. group.Components.Select(component => new float[component.Restriction.Dimension])];
        for (int component = 0; component < origins.Length; component++)
        {
            group.CopyOrigin(component, origins[component]);
        }

        return origins;
    }

    private static void Load(IRestrictedGroup group, float[][] origins, LoadedWeights[] points)
    {
        foreach (LoadedWeights point in points)
        {
            group.Load(point.Component, point.Slot, origins[point.Component]);
        }
    }

    private static double Gradient(
        IRestrictedGroup group,
        float[][] origins,
        GroupCost cost,
        int slots,
        TokenRows rows,
        int batchSize,
        int workers
    )
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
            return ShortTrial.Of(workers, Run) / operations;

            void Run()
            {
                Load(group, origins, points);
                group.LossesAndGradients(rows, batch, points, losses, gradients);
            }
        }
        finally
        {
            Array.ForEach(gradients, gradient => gradient.Dispose());
        }
    }

    private static double SecondsPerToken(
        IRestrictedGroup group,
        float[][] origins,
        GroupCost cost,
        TokenRows rows,
        IReadOnlyList<int> evaluated,
        double frozenShare,
        int workers
    )
    {
        int[] tried = [.. evaluated.Take(MostRows)];
        LoadedWeights[] points = Points(group, group.Slots);
        long tokens = (long)tried.Length * (rows.ContextLength - 1);
        long memory = (long)(frozenShare * tokens * (cost.FrozenShared + (group.Components.Count * cost.FrozenEach)));
        using IFrozenRows frozen = group.Freeze(rows, tried, null, memory);
        frozen.UseSpareMemory(Math.Max(0, memory - frozen.FrozenBytes));
        float[] losses = new float[points.Length * tokens];
        return ShortTrial.Of(workers, Run) / (points.Length * tokens);

        void Run()
        {
            Load(group, origins, points);
            frozen.Losses(points, losses, []);
        }
    }

    private static LoadedWeights[] Points(IRestrictedGroup group, int slots) =>
        [.. Enumerable.Range(0, group.Components.Count * slots).Select(i => new LoadedWeights(i / slots, i % slots))];
}
