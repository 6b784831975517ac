using Curie.Networks.Components;
using Curie.Networks.Parameters;

namespace Curie.Networks.Restricted;

/// <summary>Which components are evaluated together, and by what.</summary>
public static class RestrictedGroups
{
    /// <summary>
    /// Which components may share a group: heads (or groups of heads that share keys) of the last layer together, those of one earlier
    /// layer together, every other component alone. Groups come in the order of their first components, and components keep their order.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<Component>> Partition(ParameterLayout layout, IReadOnlyList<Component> components)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(components);
        List<List<Component>> groups = [];
        Dictionary<int, List<Component>> layers = [];
        foreach (Component component in components)
        {
            int? layer = SharedLayer(layout, component);
            if (layer is not null && layers.TryGetValue(layer.Value, out List<Component>? group))
            {
                group.Add(component);
                continue;
            }

            groups.Add([component]);
            if (layer is not null)
            {
                layers.Add(layer.Value, groups[^1]);
            }
        }

        return groups;
    }

    /// <summary>The fastest implementation for components that <see cref="Partition"/> put together, or for some of them.</summary>
    /// <param name="network">The network at w*.</param>
    /// <param name="components">At least one.</param>
    /// <param name="slots">How many weight vectors of each will be evaluated together; they are where that is faster.</param>
    /// <param name="gradientSlots">How many of them, the first ones, will be asked for gradients together.</param>
    public static IRestrictedGroup Create(FrozenNetwork network, IReadOnlyList<Component> components, int slots, int gradientSlots = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(components);
        ArgumentOutOfRangeException.ThrowIfLessThan(gradientSlots, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, gradientSlots);
        int?[] layers = [.. components.Select(component => SharedLayer(network.Layout, component)).Distinct()];
        if (layers is [not null])
        {
            // A divergence needs logits and targets of all tokens side by side, which the kernels of the last layer's heads never have.
            return new HeadPlace(layers[0]!.Value, 0).IsLowRank(network.Layout.Config) && network.Evaluator.TargetConfig is null
                ? new LastLayerHeadGroup(network, components, slots, gradientSlots)
                : new EarlierHeadGroup(network, components, slots, gradientSlots);
        }

        return components is [Component single]
            ? new PlainGroup(network, single)
            : throw new ArgumentException("These components do not share a group.", nameof(components));
    }

    /// <summary>The layer whose heads the component shares a group with; null if it stays alone.</summary>
    private static int? SharedLayer(ParameterLayout layout, Component component) => HeadPlace.Find(layout, component.Restriction)?.Layer;
}
