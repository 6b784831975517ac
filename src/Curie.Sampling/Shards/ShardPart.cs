using Curie.Networks.Components;
using Curie.Sampling.Chains;

namespace Curie.Sampling.Shards;

/// <summary>
/// The unit of work that a run is cut into: some components, and a range of their chains. A shard holds one or more; a run that is not cut
/// is one part with all components and all chains.
/// </summary>
/// <param name="Components">The components.</param>
/// <param name="Chains">The chains of each.</param>
public sealed record ShardPart(IReadOnlyList<Component> Components, ChainRange Chains);
