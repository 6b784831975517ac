namespace Curie.Networks.Data;

/// <summary>
/// How much each prediction of token rows counts in a mean loss (1/n)·Σ_it weight_it·ℓ_it over rows i and their n positions: a mean over
/// some predictions alone
/// has zeros, and weights above 1 that make up for them.
/// </summary>
public sealed class LossWeights
{
    private readonly float[] _weights;
    private readonly bool _isEveryRow;

    /// <summary>Weights of rows.</summary>
    /// <param name="weights">Rows × positions, finite.</param>
    /// <param name="positions">The predictions of a row, n_ctx − 1.</param>
    /// <exception cref="ArgumentException">The weights do not fill whole rows, or one is not finite.</exception>
    public LossWeights(float[] weights, int positions)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfLessThan(positions, 1);
        if (weights.Length % positions != 0 || !weights.All(float.IsFinite))
        {
            throw new ArgumentException($"{weights.Length} weights must be finite and fill rows of {positions}.", nameof(weights));
        }

        _weights = weights;
        Positions = positions;
    }

    private LossWeights(float[] weights)
        : this(weights, weights.Length) => _isEveryRow = true;

    /// <summary>The same weights for every row.</summary>
    /// <param name="weights">One for each prediction of a row, finite.</param>
    /// <exception cref="ArgumentException">One is not finite, or there is none.</exception>
    public static LossWeights OfEveryRow(float[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new LossWeights(weights);
    }

    /// <summary>The predictions of a row.</summary>
    public int Positions { get; }

    /// <summary>The weights of a row.</summary>
    public ReadOnlySpan<float> Row(int row) => _weights.AsSpan(_isEveryRow ? 0 : row * Positions, Positions);
}
