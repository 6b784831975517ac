namespace Curie.Sampling.Surfaces;

/// <summary>
/// Several copies of a small surface side by side, L = Σ_c L(w_c), each with its own weights: one chain then carries as many independent
/// chains, and one update's noise, arithmetic and bookkeeping serve them all.
/// </summary>
public sealed class IndependentCopies : ILossSurface
{
    private readonly ILossSurface _inner;

    /// <summary>Copies <paramref name="inner"/>.</summary>
    /// <param name="inner">The surface.</param>
    /// <param name="copies">How many, at least 1.</param>
    public IndependentCopies(ILossSurface inner, int copies)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(copies);
        _inner = inner;
        Copies = copies;
    }

    /// <summary>How many there are.</summary>
    public int Copies { get; }

    /// <inheritdoc/>
    public int Dimension => Copies * _inner.Dimension;

    /// <inheritdoc/>
    public bool UsesMinibatches => _inner.UsesMinibatches;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w)
    {
        for (int copy = 0; copy < Copies; copy++)
        {
            _inner.CopyOrigin(w.Slice(copy * _inner.Dimension, _inner.Dimension));
        }
    }

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
    {
        int dimension = _inner.Dimension;
        double loss = 0;
        for (int first = 0; first < w.Length; first += dimension)
        {
            loss += _inner.Gradient(chain, step, w.Slice(first, dimension), gradient.Slice(first, dimension));
        }

        return loss;
    }
}
