namespace Curie.Text.Packing;

/// <summary>The length of a repeated block, drawn anew for every row from a uniform range.</summary>
/// <param name="Least">The shortest block, at least 1.</param>
/// <param name="Most">The longest block, at most n_ctx − 2 so that something of it repeats.</param>
public readonly record struct BlockLength(int Least, int Most);
