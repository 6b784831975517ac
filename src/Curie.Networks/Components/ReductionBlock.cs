namespace Curie.Networks.Components;

/// <summary>A piece of a restriction small enough to be one unit of parallel work.</summary>
/// <param name="Start">Its first index in the flat parameter vector.</param>
/// <param name="Position">Its first index in the restriction's own vector.</param>
/// <param name="Length">The number of elements.</param>
public readonly record struct ReductionBlock(int Start, int Position, int Length);
