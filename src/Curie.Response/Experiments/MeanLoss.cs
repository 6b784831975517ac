using Curie.Networks.Passes;
using Curie.Sampling.Networks;

namespace Curie.Response.Experiments;

/// <summary>P: the mean loss of fixed rows in float64, and each row's own.</summary>
internal sealed class MeanLoss(EvaluationRows rows)
{
    private readonly double[] _rowMeans = new double[rows.Count];

    /// <summary>The row means of the last evaluation, nats.</summary>
    public ReadOnlySpan<double> RowMeans => _rowMeans;

    /// <summary>Evaluates P, nats per token.</summary>
    public double Evaluate(TransformerWeights weights)
    {
        rows.Losses(weights, [], _rowMeans);
        double sum = 0;
        foreach (double mean in _rowMeans)
        {
            sum += mean;
        }

        return sum / _rowMeans.Length;
    }
}
