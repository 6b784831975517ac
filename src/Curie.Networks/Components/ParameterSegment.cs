namespace Curie.Networks.Components;

/// <summary>A contiguous range of the flat parameter vector.</summary>
/// <param name="Start">The first index.</param>
/// <param name="Length">The number of elements.</param>
public readonly record struct ParameterSegment(int Start, int Length)
{
    /// <summary>The index behind the last element.</summary>
    public int End => Start + Length;
}
