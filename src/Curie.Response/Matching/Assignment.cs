namespace Curie.Response.Matching;

/// <summary>
/// The one-to-one assignment of largest total gain, by the Hungarian method with potentials (Kuhn 1955; Munkres 1957), in O(n³).
/// </summary>
public static class Assignment
{
    /// <summary>Assigns every row a column of its own.</summary>
    /// <param name="gain">rows × columns, at most as many rows as columns.</param>
    /// <returns>The column of each row.</returns>
    /// <exception cref="ArgumentException">There are more rows than columns.</exception>
    public static int[] Largest(double[,] gain)
    {
        ArgumentNullException.ThrowIfNull(gain);
        (int rows, int columns) = (gain.GetLength(0), gain.GetLength(1));
        if (rows > columns)
        {
            throw new ArgumentException($"{rows} rows cannot all have a column of {columns}.", nameof(gain));
        }

        // Column 0 stands for none yet; rows and columns are counted from 1, and gains become costs.
        double[] rowPotential = new double[rows + 1];
        double[] columnPotential = new double[columns + 1];
        int[] owner = new int[columns + 1];
        for (int row = 1; row <= rows; row++)
        {
            Augment(gain, row, rowPotential, columnPotential, owner);
        }

        int[] result = new int[rows];
        for (int column = 1; column <= columns; column++)
        {
            if (owner[column] > 0)
            {
                result[owner[column] - 1] = column - 1;
            }
        }

        return result;
    }

    private static void Augment(double[,] gain, int row, double[] rowPotential, double[] columnPotential, int[] owner)
    {
        int columns = owner.Length - 1;
        double[] slack = new double[columns + 1];
        int[] before = new int[columns + 1];
        bool[] used = new bool[columns + 1];
        Array.Fill(slack, double.PositiveInfinity);
        owner[0] = row;
        int at = 0;
        do
        {
            used[at] = true;
            double least = double.PositiveInfinity;
            int next = 0;
            for (int column = 1; column <= columns; column++)
            {
                if (used[column])
                {
                    continue;
                }

                double reduced = -gain[owner[at] - 1, column - 1] - rowPotential[owner[at]] - columnPotential[column];
                if (reduced < slack[column])
                {
                    (slack[column], before[column]) = (reduced, at);
                }

                if (slack[column] < least)
                {
                    (least, next) = (slack[column], column);
                }
            }

            for (int column = 0; column <= columns; column++)
            {
                if (used[column])
                {
                    rowPotential[owner[column]] += least;
                    columnPotential[column] -= least;
                }
                else
                {
                    slack[column] -= least;
                }
            }

            at = next;
        } while (owner[at] != 0);

        while (at != 0)
        {
            owner[at] = owner[before[at]];
            at = before[at];
        }
    }
}
