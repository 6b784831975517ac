using Curie.Networks.Data;
using Curie.Text.Packing;

namespace Curie.Development.Coefficients;

/// <summary>Token rows of which learning coefficients are wanted.</summary>
/// <param name="Name">The name in the table.</param>
/// <param name="Rows">The rows.</param>
public sealed record NamedRows(string Name, TokenRows Rows)
{
    /// <summary>Which positions of the rows count. Default null: all.</summary>
    public CountedPositions? CountedPositions { get; init; }
}
