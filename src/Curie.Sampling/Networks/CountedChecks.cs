using Curie.Networks.Data;
using Curie.Numerics;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>Checks the positions that count before any work.</summary>
public static class CountedChecks
{
    /// <summary>Checks that positions are those of rows, and that some of the loss rows count.</summary>
    /// <param name="counted">Which positions count; null for all.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="lossRows">Which of them give P.</param>
    /// <exception cref="ArgumentException">The positions are those of other rows.</exception>
    /// <exception cref="InputException">No position of the loss rows counts.</exception>
    public static void Check(CountedPositions? counted, TokenRows rows, IReadOnlyList<int> lossRows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(lossRows);
        if (counted is null)
        {
            return;
        }

        if (!counted.Fits(rows))
        {
            throw new ArgumentException(
                $"The positions that count, {counted.Rows} rows of {counted.Positions}, are not those of the rows.",
                nameof(counted)
            );
        }

        if (counted.CountIn(lossRows) == 0)
        {
            throw new InputException(
                $"sampling.positions: none of the {lossRows.Count} rows that give the loss has a position that counts; raise "
                    + "`sampling.loss_rows`, or mark positions of these rows."
            );
        }
    }
}
