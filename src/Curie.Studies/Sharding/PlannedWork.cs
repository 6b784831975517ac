using Curie.Networks.Components;
using Curie.Numerics;
using Curie.Sampling.Chains;
using Curie.Sampling.Shards;

namespace Curie.Studies.Sharding;

/// <summary>What a shard does of a unit.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Parts">The parts that it samples; empty where the unit is not cut.</param>
public sealed record PlannedWork(int Unit, IReadOnlyList<PlannedPart> Parts)
{
    /// <summary>Of the parts of a shard.</summary>
    public static PlannedWork Of(int unit, IEnumerable<ShardPart> parts) =>
        new(
            unit,
            [
                .. parts.Select(part => new PlannedPart(
                    [.. part.Components.Select(component => component.Name)],
                    part.Chains.First,
                    part.Chains.Count
                )),
            ]
        );

    /// <summary>The parts, with the components of a model.</summary>
    /// <exception cref="InputException">The model has not a component of that name.</exception>
    public IReadOnlyList<ShardPart> PartsOf(ComponentParser parser)
    {
        ArgumentNullException.ThrowIfNull(parser);
        return
        [
            .. Parts.Select(part => new ShardPart([.. part.Components.Select(parser.Parse)], new ChainRange(part.FirstChain, part.Chains))),
        ];
    }
}
