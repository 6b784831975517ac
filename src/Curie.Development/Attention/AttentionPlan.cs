namespace Curie.Development.Attention;

/// <summary>How much of the attention of some heads fits into so many bytes, a byte a weight (<see cref="AttentionPatterns"/>).</summary>
/// <param name="Heads">The heads.</param>
/// <param name="Positions">
/// T: the first so many positions of every row. What they attend to is among themselves, so that they need no later token.
/// </param>
/// <param name="Rows">The rows of every probe.</param>
public sealed record AttentionPlan(int Heads, int Positions, IReadOnlyList<int> Rows)
{
    private const int FewestPositions = 2;

    /// <summary>The bytes of a row: heads · T(T + 1)/2.</summary>
    public long RowBytes => (long)Heads * Triangle(Positions);

    /// <summary>The bytes of all rows.</summary>
    public long Bytes => RowBytes * Rows.Sum();

    /// <summary>
    /// Plans: T is as long as leaves a row for every probe, and then as many rows as fit, of every probe in turn.
    /// </summary>
    /// <param name="heads">The heads.</param>
    /// <param name="positions">The positions of a row that there are.</param>
    /// <param name="rows">The rows of every probe that there are.</param>
    /// <param name="bytes">The bytes that there are.</param>
    /// <returns>A plan, of no rows where there are no heads or no bytes for them.</returns>
    public static AttentionPlan Of(int heads, int positions, IReadOnlyList<int> rows, long bytes)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int probes = rows.Count(count => count > 0);
        int longest = heads > 0 && probes > 0 ? Longest(bytes / ((long)heads * probes), positions) : 0;
        if (longest < FewestPositions)
        {
            return new AttentionPlan(heads, 0, [.. rows.Select(_ => 0)]);
        }

        long left = bytes / ((long)heads * Triangle(longest));
        int[] taken = new int[rows.Count];
        for (bool took = true; took; )
        {
            took = false;
            for (int probe = 0; probe < taken.Length; probe++)
            {
                if (left > 0 && taken[probe] < rows[probe])
                {
                    taken[probe]++;
                    left--;
                    took = true;
                }
            }
        }

        return new AttentionPlan(heads, longest, taken);
    }

    /// <summary>T(T + 1)/2, the weights of a head in a row.</summary>
    internal static long Triangle(int positions) => (long)positions * (positions + 1) / 2;

    /// <summary>The most positions whose triangle has at most so many weights.</summary>
    private static int Longest(long weights, int positions)
    {
        int longest = (int)Math.Min(positions, (Math.Sqrt((8.0 * weights) + 1) - 1) / 2);
        while (longest > 0 && Triangle(longest) > weights)
        {
            longest--;
        }

        return longest;
    }
}
