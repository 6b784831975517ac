using Curie.Text.Packing;

namespace Curie.Networks.Data;

/// <summary>Some rows of tokens, of which every token but the first is predicted.</summary>
public sealed class TokenBatch : IBatch
{
    private TokenRows? _rows;
    private LossWeights? _weights;
    private int[] _indices = [];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public int Predictions => Rows.ContextLength - 1;

    /// <summary>The rows of which these are some.</summary>
    internal TokenRows Rows => _rows ?? throw new InvalidOperationException("The batch has not been filled.");

    /// <summary>Fills the batch. Nothing is allocated unless it is larger than any before.</summary>
    /// <param name="rows">Token rows, which stay the caller's.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="weights">How much each prediction of <paramref name="rows"/> counts; null for all alike.</param>
    public void Fill(TokenRows rows, ReadOnlySpan<int> indices, LossWeights? weights = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (_indices.Length < indices.Length)
        {
            _indices = new int[indices.Length];
        }

        indices.CopyTo(_indices);
        (_rows, _weights, Count) = (rows, weights, indices.Length);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Weights(int row) => _weights is null ? [] : _weights.Row(_indices[row]);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The rows are the caller's.
    }

    /// <summary>Which of <see cref="Rows"/> a row is.</summary>
    internal int Index(int row) => _indices[row];
}
