using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>P: the mean loss of fixed rows in float64, and each row's own, at several weight vectors.</summary>
internal sealed class MeanLoss(EvaluationRows rows, int slots)
{
    private readonly double[] _rowMeans = new double[slots * rows.Count];

    /// <summary>The row means of the last evaluation at one weight vector, nats.</summary>
    public ReadOnlySpan<double> RowMeans(int slot) => _rowMeans.AsSpan(slot * rows.Count, rows.Count);

    /// <summary>Evaluates the first so many weight vectors that the network was given.</summary>
    public void Evaluate(int count) => rows.Losses(count, [], _rowMeans.AsSpan(0, count * rows.Count));

    /// <summary>P of the last evaluation at one weight vector, nats per token.</summary>
    public double Mean(int slot)
    {
        double sum = 0;
        foreach (double mean in RowMeans(slot))
        {
            sum += mean;
        }

        return sum / rows.Count;
    }
}
