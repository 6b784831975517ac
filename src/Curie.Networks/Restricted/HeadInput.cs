using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>What all heads of a layer make their queries, keys and values from, for one row of n positions.</summary>
internal readonly ref struct HeadInput
{
    /// <summary>LN1(x), with W_pos added under shortformer positions, of the positions that attend, w × d.</summary>
    public required MatrixView Query { get; init; }

    /// <summary>The same of all positions, n × d.</summary>
    public required MatrixView Key { get; init; }

    /// <summary>LN1(x), n × d.</summary>
    public required MatrixView Value { get; init; }

    /// <summary>The positions that attend; empty if all do.</summary>
    public ReadOnlySpan<int> Positions { get; init; }
}
