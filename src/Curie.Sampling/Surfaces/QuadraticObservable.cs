namespace Curie.Sampling.Surfaces;

/// <summary>
/// f(w) = bᵀw + ½wᵀBw around w* = 0, an observable or the loss of a token: on a quadratic loss its responses are known exactly
/// (<see cref="QuadraticResponseTruth"/>).
/// </summary>
public sealed class QuadraticObservable : ILossSurface
{
    private readonly double[] _slope;
    private readonly double[] _curvature;

    /// <summary>Creates the observable.</summary>
    /// <param name="slope">b, d values.</param>
    /// <param name="curvature">B, symmetric, row-major, d × d; need not be positive.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public QuadraticObservable(ReadOnlySpan<double> slope, ReadOnlySpan<double> curvature)
    {
        if (curvature.Length != slope.Length * slope.Length)
        {
            throw new ArgumentException("The curvature must be d × d for a slope of length d.", nameof(curvature));
        }

        _slope = slope.ToArray();
        _curvature = curvature.ToArray();
    }

    /// <summary>b.</summary>
    public ReadOnlySpan<double> Slope => _slope;

    /// <summary>B, row-major.</summary>
    public ReadOnlySpan<double> Curvature => _curvature;

    /// <inheritdoc/>
    public int Dimension => _slope.Length;

    /// <inheritdoc/>
    public bool UsesMinibatches => false;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w) => w.Clear();

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
    {
        double value = 0;
        for (int i = 0; i < _slope.Length; i++)
        {
            double bend = 0;
            for (int j = 0; j < _slope.Length; j++)
            {
                bend += _curvature[(i * _slope.Length) + j] * w[j];
            }

            gradient[i] = (float)(_slope[i] + bend);
            value += (_slope[i] + (bend / 2)) * w[i];
        }

        return value;
    }
}
