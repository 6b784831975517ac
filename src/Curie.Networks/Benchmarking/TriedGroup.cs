using Curie.Networks.Components;
using Curie.Networks.Restricted;
using Curie.Text.Packing;

namespace Curie.Networks.Benchmarking;

/// <summary>A group that is tried: what its work is counted to be, and its weights at w*, which every evaluation loads anew.</summary>
internal sealed class TriedGroup : IDisposable
{
    private readonly float[][] _origins;

    public TriedGroup(FrozenNetwork network, IReadOnlyList<Component> components, int slots, int gradientSlots, TokenRows rows)
    {
        Rows = rows;
        Workers = network.Evaluator.Machine.Pool.Workers;
        Cost = GroupCost.Of(
            network.Layout,
            components[0],
            slots,
            Workers,
            network.Evaluator.TargetConfig,
            gradientSlots,
            rows.ContextLength
        );
        Group = RestrictedGroups.Create(network, components, slots, gradientSlots);
        _origins = [.. components.Select(component => new float[component.Restriction.Dimension])];
        for (int component = 0; component < _origins.Length; component++)
        {
            Group.CopyOrigin(component, _origins[component]);
        }
    }

    /// <summary>The group.</summary>
    public IRestrictedGroup Group { get; }

    /// <summary>Its operations and bytes.</summary>
    public GroupCost Cost { get; }

    /// <summary>The rows that it is tried on.</summary>
    public TokenRows Rows { get; }

    /// <summary>The threads.</summary>
    public int Workers { get; }

    /// <summary>The predicted tokens of some rows.</summary>
    public long Tokens(IReadOnlyList<int> rows) => (long)rows.Count * (Rows.ContextLength - 1);

    /// <summary>So many weight vectors of every component.</summary>
    public LoadedWeights[] Points(int slots) =>
        [.. Enumerable.Range(0, Group.Components.Count * slots).Select(i => new LoadedWeights(i / slots, i % slots))];

    /// <summary>Loads w* at each, as an update would load what it moved.</summary>
    public void Load(LoadedWeights[] points)
    {
        foreach (LoadedWeights point in points)
        {
            Group.Load(point.Component, point.Slot, _origins[point.Component]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Group.Dispose();
}
