namespace Curie.Studies.Sharding;

/// <summary>Some components, and a range of their chains.</summary>
/// <param name="Components">Their names.</param>
/// <param name="FirstChain">The first chain.</param>
/// <param name="Chains">The number of chains.</param>
public sealed record PlannedPart(IReadOnlyList<string> Components, int FirstChain, int Chains);
