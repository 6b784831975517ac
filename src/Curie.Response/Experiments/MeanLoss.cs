using Curie.Networks.Restricted;

namespace Curie.Response.Experiments;

/// <summary>P: the mean loss of fixed rows in float64, and each row's own, at several weight vectors.</summary>
/// <param name="rows">The rows.</param>
/// <param name="count">Their number.</param>
/// <param name="capacity">How many weight vectors are evaluated together at most.</param>
internal sealed class MeanLoss(IFrozenRows rows, int count, int capacity)
{
    private readonly double[] _rowMeans = new double[capacity * count];

    /// <summary>The row means of the last evaluation at point <paramref name="index"/>, nats.</summary>
    public ReadOnlySpan<double> RowMeans(int index) => _rowMeans.AsSpan(index * count, count);

    /// <summary>Evaluates loaded weight vectors.</summary>
    public void Evaluate(ReadOnlySpan<LoadedWeights> points) => rows.Losses(points, [], _rowMeans.AsSpan(0, points.Length * count));

    /// <summary>P of the last evaluation at point <paramref name="index"/>, nats per token.</summary>
    public double Mean(int index)
    {
        double sum = 0;
        foreach (double mean in RowMeans(index))
        {
            sum += mean;
        }

        return sum / count;
    }
}
