using Curie.Networks.Architecture;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>What does not change in one row while heads of a layer vary. n positions up to the last wanted, of which p are kept.</summary>
internal readonly ref struct FrozenHeadRow
{
    /// <summary>The row's place among the frozen rows.</summary>
    public required int Index { get; init; }

    /// <summary>The wanted positions.</summary>
    public required ReadOnlySpan<int> Wanted { get; init; }

    /// <summary>LN1 of the heads' layer, n × d.</summary>
    public required MatrixView Norm { get; init; }

    /// <summary>The residual stream behind the layer's attention at w*, p × d.</summary>
    public required MatrixView Residual { get; init; }

    /// <summary>z at w* of every component's heads, side by side, p × (components · u).</summary>
    public required MatrixView Mixed { get; init; }

    /// <summary>z at w* of one component's heads, p × u.</summary>
    public MatrixView MixedOf(int component, TransformerConfig config) =>
        Mixed.ColumnRange(component * config.GroupWidth, config.GroupWidth);
}
