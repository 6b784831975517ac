using Curie.Numerics.Random;

namespace Curie.Networks.Data;

/// <summary>
/// Some of the rows of a file, ascending. Random ones depend on how many rows there are, how many are wanted and what for, and on no seed:
/// runs of several seeds, checkpoints and controls see the same rows, so that they can be compared.
/// </summary>
public static class ChosenRows
{
    /// <summary>What loss rows are chosen for.</summary>
    public const string LossRows = "loss rows";

    /// <summary>Chooses.</summary>
    /// <param name="choice">Which.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="count">How many are wanted; null for all.</param>
    /// <param name="use">What for, <see cref="LossRows"/> or a probe's name: other uses have other random rows.</param>
    /// <returns>Their indices, ascending: as many as wanted, or all there are.</returns>
    public static int[] Of(RowChoice choice, int rows, int? count, string use)
    {
        int wanted = Math.Min(count ?? rows, rows);
        return choice == RowChoice.First || wanted == rows ? [.. Enumerable.Range(0, wanted)] : Random(rows, wanted, use);
    }

    /// <summary>
    /// Random rows without replacement, by Floyd's algorithm (Bentley and Floyd 1987): every set is as likely as every other.
    /// </summary>
    private static int[] Random(int rows, int wanted, string use)
    {
        PhiloxStream random = new(PhiloxKey.Derive(rows, RandomPurpose.RowChoice, use));
        HashSet<int> chosen = [];
        for (int last = rows - wanted; last < rows; last++)
        {
            int row = random.NextInt32(last + 1);
            chosen.Add(chosen.Contains(row) ? last : row);
        }

        return [.. chosen.Order()];
    }
}
