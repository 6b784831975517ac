namespace Curie.Networks.Training;

/// <summary>
/// The steps at which checkpoints are kept, labelled by the number of updates made: 0, the last, and those at logarithmic and linear
/// spacing in between, rounded to whole steps and without repetition.
/// </summary>
public static class CheckpointSchedule
{
    /// <summary>The labels in ascending order.</summary>
    /// <param name="steps">The number of updates of the whole run.</param>
    /// <param name="log">How many at steps^(i/log), i = 1 … log.</param>
    /// <param name="linear">How many at steps·i/linear, i = 1 … linear.</param>
    public static IReadOnlyList<int> Steps(int steps, int log, int linear)
    {
        SortedSet<int> labels = [0, steps];
        for (int i = 1; i <= log; i++)
        {
            labels.Add((int)Math.Clamp(Math.Round(Math.Pow(steps, (double)i / log)), 1, steps));
        }

        for (int i = 1; i <= linear; i++)
        {
            labels.Add((int)Math.Round((double)steps * i / linear));
        }

        return [.. labels];
    }
}
