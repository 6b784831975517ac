using Curie.Networks.Data;
using Curie.Text.Packing;

namespace Curie.Response.Experiments;

/// <summary>One probe: rows of text whose per-token losses are followed.</summary>
public sealed record ProbeInput
{
    /// <summary>The probe's name.</summary>
    public required string Name { get; init; }

    /// <summary>The rows.</summary>
    public required TokenRows Rows { get; init; }

    /// <summary>Which positions of the rows count: no others are followed. Default null: all.</summary>
    public CountedPositions? CountedPositions { get; init; }

    /// <summary>How many rows; null for all.</summary>
    public int? RowLimit { get; init; }

    /// <summary>Which. Default the first.</summary>
    public RowChoice RowChoice { get; init; }

    /// <summary>The rows from which tokens are followed, ascending.</summary>
    internal int[] RowIndices => ChosenRows.Of(RowChoice, Rows.Count, RowLimit, Name);

    /// <summary>How many random positions are kept; null for all.</summary>
    public int? Tokens { get; init; }
}
