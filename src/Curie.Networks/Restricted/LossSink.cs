namespace Curie.Networks.Restricted;

/// <summary>Where the losses of one row go, point by point.</summary>
/// <param name="sums">Receives the sum of each point's losses at this row, points × rows.</param>
/// <param name="rows">The number of rows.</param>
/// <param name="row">The row.</param>
/// <param name="losses">Receives the losses, points × tokens; null if they are not wanted.</param>
/// <param name="tokens">The number of wanted tokens of all rows.</param>
/// <param name="start">The index of the row's first wanted token.</param>
internal readonly unsafe struct LossSink(double[] sums, int rows, int row, float* losses, int tokens, int start)
{
    /// <summary>Begins all sums at zero.</summary>
    public void Reset(int points)
    {
        for (int point = 0; point < points; point++)
        {
            sums[(point * rows) + row] = 0;
        }
    }

    /// <summary>Takes the losses from the row's wanted token <paramref name="first"/> on; to be called in ascending order.</summary>
    public void Add(int point, int first, ReadOnlySpan<double> values)
    {
        ref double sum = ref sums[(point * rows) + row];
        float* target = losses == null ? null : losses + ((long)point * tokens) + start + first;
        for (int i = 0; i < values.Length; i++)
        {
            sum += values[i];
            if (target != null)
            {
                target[i] = (float)values[i];
            }
        }
    }
}
