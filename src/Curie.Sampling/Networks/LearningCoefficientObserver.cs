namespace Curie.Sampling.Networks;

/// <summary>At every draw of a network: P on the evaluation rows, and every row's own mean loss, added up chain by chain.</summary>
public sealed class LearningCoefficientObserver : IDrawObserver
{
    private readonly RestrictedNetwork _network;
    private readonly EvaluationRows _rows;
    private readonly double[] _rowMeans;
    private readonly double[][] _rowSums;
    private readonly int[] _draws;

    /// <summary>An observer that has seen no draw.</summary>
    /// <param name="network">The network whose component varies.</param>
    /// <param name="rows">The rows that give P.</param>
    /// <param name="chains">The number of chains.</param>
    public LearningCoefficientObserver(RestrictedNetwork network, EvaluationRows rows, int chains)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(rows);
        _network = network;
        _rows = rows;
        _rowMeans = new double[rows.Count];
        _rowSums = [.. Enumerable.Range(0, chains).Select(_ => new double[rows.Count])];
        _draws = new int[chains];
    }

    /// <summary>The mean loss of every row at the weights that were evaluated last, nats per token.</summary>
    public ReadOnlySpan<double> LastRowMeans => _rowMeans;

    /// <summary>P at the given restricted weights, in float64, without counting it as a draw.</summary>
    public double Evaluate(ReadOnlySpan<float> w)
    {
        _network.Load(w);
        _rows.Losses(_network.Weights, [], _rowMeans);
        double sum = 0;
        foreach (double mean in _rowMeans)
        {
            sum += mean;
        }

        return sum / _rowMeans.Length;
    }

    /// <inheritdoc/>
    public double Observe(int chain, int draw, ReadOnlySpan<float> w)
    {
        double loss = Evaluate(w);
        if (double.IsFinite(loss))
        {
            _draws[chain]++;
            for (int row = 0; row < _rowMeans.Length; row++)
            {
                _rowSums[chain][row] += _rowMeans[row];
            }
        }

        return loss;
    }

    /// <summary>E[ℓ_row] of every row over the draws of the given chains; NaN if they have none.</summary>
    public double[] RowMeans(IReadOnlyList<int> chains)
    {
        double draws = chains.Sum(chain => _draws[chain]);
        return [.. Enumerable.Range(0, _rows.Count).Select(row => chains.Sum(chain => _rowSums[chain][row]) / draws)];
    }
}
