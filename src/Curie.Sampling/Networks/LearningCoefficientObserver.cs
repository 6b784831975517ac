namespace Curie.Sampling.Networks;

/// <summary>At every draw of a network: P on the evaluation rows, and every row's own mean loss, added up chain by chain.</summary>
public sealed class LearningCoefficientObserver : NetworkObserver
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
        : base(network)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _network = network;
        _rows = rows;
        _rowMeans = new double[network.Slots * rows.Count];
        _rowSums = [.. Enumerable.Range(0, chains).Select(_ => new double[rows.Count])];
        _draws = new int[chains];
    }

    /// <summary>The mean loss of every row at the first of the weight vectors that were evaluated last, nats per token.</summary>
    public ReadOnlySpan<double> LastRowMeans => RowMeansAt(0);

    /// <summary>P at the given restricted weights, in float64, without counting it as a draw.</summary>
    public double Evaluate(ReadOnlySpan<float> w)
    {
        _network.Load(w, 0);
        Evaluate(1);
        return Mean(0);
    }

    /// <summary>E[ℓ_row] of every row over the draws of the given chains; NaN if they have none.</summary>
    public double[] RowMeans(IReadOnlyList<int> chains)
    {
        double draws = chains.Sum(chain => _draws[chain]);
        return [.. Enumerable.Range(0, _rows.Count).Select(row => chains.Sum(chain => _rowSums[chain][row]) / draws)];
    }

    /// <inheritdoc/>
    protected override void Evaluate(int count) => _rows.Losses(count, [], _rowMeans.AsSpan(0, count * _rows.Count));

    /// <inheritdoc/>
    protected override double Take(int chain, int slot)
    {
        double loss = Mean(slot);
        if (double.IsFinite(loss))
        {
            _draws[chain]++;
            ReadOnlySpan<double> means = RowMeansAt(slot);
            for (int row = 0; row < means.Length; row++)
            {
                _rowSums[chain][row] += means[row];
            }
        }

        return loss;
    }

    private ReadOnlySpan<double> RowMeansAt(int slot) => _rowMeans.AsSpan(slot * _rows.Count, _rows.Count);

    private double Mean(int slot)
    {
        double sum = 0;
        foreach (double mean in RowMeansAt(slot))
        {
            sum += mean;
        }

        return sum / _rows.Count;
    }
}
