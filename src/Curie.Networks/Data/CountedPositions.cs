using Curie.Text.Packing;

namespace Curie.Networks.Data;

/// <summary>
/// Which predictions of token rows count: in losses, in their means and gradients, and as followed tokens. Position t of a row is the
/// prediction of token t + 1, from 0 to n_ctx − 2. Where nothing is said, all count.
/// </summary>
/// <remarks>
/// A mean loss of some rows is then the mean over their counted positions, (1/C)·Σ_it ℓ_it with C = Σ_i c_i. It is also the mean over rows
/// and positions of weight·ℓ with weight = R·T/C for counted positions, R rows of T positions each, which makes gradients of minibatches
/// unbiased however counts differ between rows.
/// </remarks>
public sealed class CountedPositions
{
    private readonly bool[] _counts;
    private readonly bool _isEveryRow;

    private CountedPositions(bool[] counts, int positions, bool isEveryRow)
    {
        _counts = counts;
        _isEveryRow = isEveryRow;
        Positions = positions;
    }

    /// <summary>The positions of a row, n_ctx − 1.</summary>
    public int Positions { get; }

    /// <summary>The number of rows; null where it is the same for any number of rows.</summary>
    public int? Rows => _isEveryRow ? null : _counts.Length / Positions;

    /// <summary>The bytes that the positions take, and the weights of two losses that are made of them.</summary>
    public long MemoryBytes => _counts.Length * (1L + (2 * sizeof(float)));

    /// <summary>Whether no position is left out.</summary>
    public bool CountsAll => _counts.AsSpan().IndexOf(false) < 0;

    /// <summary>The same positions of every row.</summary>
    /// <param name="counts">Whether each position counts.</param>
    public static CountedPositions OfEveryRow(bool[] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentOutOfRangeException.ThrowIfZero(counts.Length, nameof(counts));
        return new CountedPositions([.. counts], counts.Length, isEveryRow: true);
    }

    /// <summary>Positions of each row.</summary>
    /// <param name="counts">Whether each position of each row counts, rows × positions.</param>
    /// <param name="positions">The positions of a row.</param>
    /// <exception cref="ArgumentException">They do not fill whole rows.</exception>
    public static CountedPositions OfRows(bool[] counts, int positions)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentOutOfRangeException.ThrowIfLessThan(positions, 1);
        return counts.Length > 0 && counts.Length % positions == 0
            ? new CountedPositions([.. counts], positions, isEveryRow: false)
            : throw new ArgumentException($"{counts.Length} positions do not fill rows of {positions}.", nameof(counts));
    }

    /// <summary>Whether the positions are those of token rows.</summary>
    public bool Fits(TokenRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Positions == rows.ContextLength - 1 && (_isEveryRow || Rows == rows.Count);
    }

    /// <summary>Which positions of a row count.</summary>
    public ReadOnlySpan<bool> Row(int row) => _counts.AsSpan(_isEveryRow ? 0 : row * Positions, Positions);

    /// <summary>How many positions of a row count, c.</summary>
    public int CountIn(int row) => Row(row).Count(true);

    /// <summary>How many positions of some rows count, C.</summary>
    public long CountIn(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Sum(row => (long)CountIn(row));
    }

    /// <summary>
    /// place·positions + position of all counted positions of some rows, ascending, rows counted by their place in the list.
    /// </summary>
    public int[] Slots(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        List<int> slots = [];
        for (int place = 0; place < rows.Count; place++)
        {
            ReadOnlySpan<bool> counts = Row(rows[place]);
            for (int t = 0; t < counts.Length; t++)
            {
                if (counts[t])
                {
                    slots.Add((place * Positions) + t);
                }
            }
        }

        return [.. slots];
    }

    /// <summary>
    /// c_i·R/C of some rows: the mean over rows of share·(mean over the row's counted positions) is that over all counted.
    /// </summary>
    /// <exception cref="ArgumentException">No position of the rows counts.</exception>
    public double[] Shares(IReadOnlyList<int> rows)
    {
        double total = Total(rows);
        return [.. rows.Select(row => CountIn(row) * (double)rows.Count / total)];
    }

    /// <summary>
    /// R·T/C for the counted positions, of all rows that there are: the weights of a mean over the counted positions of some.
    /// </summary>
    /// <param name="rows">The rows over which R and C are taken.</param>
    /// <exception cref="ArgumentException">No position of the rows counts.</exception>
    public LossWeights Weights(IReadOnlyList<int> rows)
    {
        float weight = (float)(rows.Count * (double)Positions / Total(rows));
        float[] weights = Array.ConvertAll(_counts, counts => counts ? weight : 0);
        return _isEveryRow ? LossWeights.OfEveryRow(weights) : new LossWeights(weights, Positions);
    }

    private double Total(IReadOnlyList<int> rows)
    {
        long total = CountIn(rows);
        return total > 0 ? total : throw new ArgumentException("No position of the rows counts.", nameof(rows));
    }
}
