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
        using TriedGroup tried = new(network, components, slots, gradientSlots, rows);
        int evaluations = components.Count * tried.Group.Slots;
        return new GroupPace(
            Gradient(tried, Math.Min(gradientSlots, tried.Group.GradientSlots), batchSize),
            evaluations * SecondsPerToken(tried, evaluated, frozenShare) / (tried.Cost.LossShared + (evaluations * tried.Cost.LossEach))
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
        using TriedGroup tried = new(network, components, slots, gradientSlots: 1, rows);
        return SecondsPerToken(tried, evaluated, frozenShare);
    }

    private static double Gradient(TriedGroup tried, int slots, int batchSize)
    {
        IRestrictedGroup group = tried.Group;
        LoadedWeights[] points = tried.Points(slots);
        AlignedBuffer<float>[] gradients =
        [
            .. points.Select(point => new AlignedBuffer<float>(group.Components[point.Component].Restriction.Dimension)),
        ];
        try
        {
            int[] batch = [.. Enumerable.Range(0, Math.Min(tried.Rows.Count, Math.Min(MostRows, batchSize)))];
            double[] losses = new double[points.Length];
            double operations = tried.Tokens(batch) * (tried.Cost.GradientShared + (points.Length * tried.Cost.GradientEach));
            return ShortTrial.Of(tried.Workers, Run) / operations;

            void Run()
            {
                tried.Load(points);
                group.LossesAndGradients(tried.Rows, batch, points, losses, gradients);
            }
        }
        finally
        {
            Array.ForEach(gradients, gradient => gradient.Dispose());
        }
    }

    private static double SecondsPerToken(TriedGroup tried, IReadOnlyList<int> evaluated, double frozenShare)
    {
        IRestrictedGroup group = tried.Group;
        int[] some = [.. evaluated.Take(MostRows)];
        LoadedWeights[] points = tried.Points(group.Slots);
        long tokens = tried.Tokens(some);
        long memory = (long)(frozenShare * tokens * (tried.Cost.FrozenShared + (group.Components.Count * tried.Cost.FrozenEach)));
        using IFrozenRows frozen = group.Freeze(tried.Rows, some, null, memory);
        frozen.UseSpareMemory(Math.Max(0, memory - frozen.FrozenBytes));
        float[] losses = new float[points.Length * tokens];
        return ShortTrial.Of(tried.Workers, Run) / (points.Length * tokens);

        void Run()
        {
            tried.Load(points);
            frozen.Losses(points, losses, []);
        }
    }
}
