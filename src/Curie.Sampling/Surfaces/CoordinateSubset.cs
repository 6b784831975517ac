namespace Curie.Sampling.Surfaces;

/// <summary>
/// Another surface restricted to some of its coordinates; the others stay at w*. Its <see cref="ILossSurface.Dimension"/> is the number
/// of coordinates kept, so drift, localisation and noise touch those alone. Not for use by two threads at once.
/// </summary>
public sealed class CoordinateSubset : ILossSurface
{
    private readonly ILossSurface _inner;
    private readonly int[] _coordinates;
    private readonly float[] _w;
    private readonly float[] _gradient;

    /// <summary>Restricts <paramref name="inner"/>.</summary>
    /// <param name="inner">The surface in all coordinates.</param>
    /// <param name="coordinates">The coordinates that move, in the order in which the restricted vector holds them; no two the
    /// same.</param>
    /// <exception cref="ArgumentException">A coordinate is not one of the surface's, or is given twice.</exception>
    public CoordinateSubset(ILossSurface inner, ReadOnlySpan<int> coordinates)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
        _coordinates = coordinates.ToArray();
        if (_coordinates.Distinct().Count() != _coordinates.Length || _coordinates.Any(index => index < 0 || index >= inner.Dimension))
        {
            throw new ArgumentException("Every coordinate must be one of the surface's, and given once.", nameof(coordinates));
        }

        _w = new float[inner.Dimension];
        _gradient = new float[inner.Dimension];
        inner.CopyOrigin(_w);
    }

    /// <inheritdoc/>
    public int Dimension => _coordinates.Length;

    /// <inheritdoc/>
    public bool UsesMinibatches => _inner.UsesMinibatches;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w)
    {
        _inner.CopyOrigin(_w);
        for (int i = 0; i < _coordinates.Length; i++)
        {
            w[i] = _w[_coordinates[i]];
        }
    }

    /// <summary>The weights in all coordinates: <paramref name="w"/> where this restriction moves, w* elsewhere.</summary>
    public void CopyAll(ReadOnlySpan<float> w, Span<float> all)
    {
        Scatter(w);
        _w.CopyTo(all);
    }

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
    {
        Scatter(w);
        double loss = _inner.Gradient(chain, step, _w, _gradient);
        for (int i = 0; i < _coordinates.Length; i++)
        {
            gradient[i] = _gradient[_coordinates[i]];
        }

        return loss;
    }

    private void Scatter(ReadOnlySpan<float> w)
    {
        for (int i = 0; i < _coordinates.Length; i++)
        {
            _w[_coordinates[i]] = w[i];
        }
    }
}
