namespace Curie.Response.Agreement;

/// <summary>
/// |x|² over tokens of an estimate x = Σp_b·X_b, without the share of it that is noise. Noise of one pair of chains has nothing to do with
/// that of another, so products of
/// batches of different pairs have the mean |E[x]|²:
/// <code>
/// signal = Σ m_b·m_c·⟨X_b, X_c⟩ / Σ m_b·m_c    over batches b, c of different pairs; of a single pair over different batches, which are
/// close to independent
/// </code>
/// </summary>
internal sealed class BatchGram
{
    private readonly CovarianceBatches _batches;
    private readonly double[,] _products;
    private readonly bool _acrossUnits;

    /// <summary>Makes all inner products of the batches of one estimate.</summary>
    public BatchGram(CovarianceBatches batches)
    {
        _batches = batches;
        _products = new double[batches.Values.Length, batches.Values.Length];
        _acrossUnits = batches.Labels.Select(label => label.Unit).Distinct().Skip(1).Any();
        for (int b = 0; b < batches.Values.Length; b++)
        {
            for (int c = b; c < batches.Values.Length; c++)
            {
                _products[b, c] = _products[c, b] = SlopeProducts.Dot(batches.Values[b], batches.Values[c]);
            }
        }
    }

    /// <summary>|x|² as it is, noise included.</summary>
    public double Whole => Sum((_, _) => true);

    /// <summary>|x|² without its noise, of all batches or without one of them; NaN where there are no two batches to multiply.</summary>
    public double Signal(int? without = null) =>
        Sum((b, c) => b != without && c != without && (_acrossUnits ? _batches.Labels[b].Unit != _batches.Labels[c].Unit : b != c));

    /// <summary>The share of |x|² that is noise; below 0 by chance where there is hardly any.</summary>
    public double NoiseShare => 1 - (Signal() / Whole);

    private double Sum(Func<int, int, bool> counts)
    {
        (double sum, double weights) = (0, 0);
        for (int b = 0; b < _batches.Draws.Length; b++)
        {
            for (int c = 0; c < _batches.Draws.Length; c++)
            {
                if (counts(b, c))
                {
                    double weight = (double)_batches.Draws[b] * _batches.Draws[c];
                    sum += weight * _products[b, c];
                    weights += weight;
                }
            }
        }

        return sum / weights;
    }
}
