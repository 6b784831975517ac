using Curie.Numerics.Statistics;

namespace Curie.Development.Scores;

/// <summary>
/// The loss on the first and on the second copy of a repeated random block. Only induction lowers the second: without it both are as
/// hard as the first.
/// </summary>
/// <param name="First">The mean loss on the first copy, nats per token, with its standard error over rows.</param>
/// <param name="Second">The same on the second copy without its first token.</param>
public sealed record RepeatScore(MeanEstimate First, MeanEstimate Second)
{
    /// <summary>
    /// Averages per-token losses of rows that hold BOS and then one block of length b over and over. Position t predicts token t + 1, so
    /// the
    /// first copy is predicted at 0 … b − 1 and the second at b … 2b − 1; position b is left out, since nothing tells that the block starts
    /// again.
    /// </summary>
    /// <param name="losses">rows × positions losses in nats.</param>
    /// <param name="rows">The number of rows, at least 2.</param>
    /// <param name="blockLength">b, at least 2; two copies fit into a row.</param>
    public static RepeatScore Of(ReadOnlySpan<float> losses, int rows, int blockLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockLength, 2);
        int positions = losses.Length / rows;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(2 * blockLength, positions, nameof(blockLength));
        double[] first = new double[rows];
        double[] second = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> line = losses.Slice(row * positions, positions);
            first[row] = Mean(line[..blockLength]);
            second[row] = Mean(line[(blockLength + 1)..(2 * blockLength)]);
        }

        return new RepeatScore(MeanEstimate.OfIndependent(first), MeanEstimate.OfIndependent(second));
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
