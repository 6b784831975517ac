namespace Curie.Sampling.Surfaces;

/// <summary>
/// L(w) = c + ½(w − m)ᵀH(w − m), full batch: a potential whose samplers' answers are known exactly (<see cref="QuadraticTruth"/>).
/// Sums run in float64 over the float32 weights.
/// </summary>
public sealed class QuadraticSurface : ILossSurface
{
    private readonly double[] _hessian;
    private readonly double[] _minimum;
    private readonly float[] _origin;
    private readonly double _lossAtMinimum;

    /// <summary>Creates the surface.</summary>
    /// <param name="hessian">H, symmetric, row-major, d × d; need not be positive.</param>
    /// <param name="minimum">m, d values (the stationary point, where H is not positive).</param>
    /// <param name="origin">w*, d values: where chains start and are held.</param>
    /// <param name="lossAtMinimum">c.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or H is not symmetric.</exception>
    public QuadraticSurface(
        ReadOnlySpan<double> hessian,
        ReadOnlySpan<double> minimum,
        ReadOnlySpan<float> origin,
        double lossAtMinimum = 0
    )
    {
        int dimension = minimum.Length;
        if (hessian.Length != (long)dimension * dimension || origin.Length != dimension)
        {
            throw new ArgumentException("The Hessian must be d × d, the minimum and the origin of length d.");
        }

        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (hessian[(i * dimension) + j] != hessian[(j * dimension) + i])
                {
                    throw new ArgumentException("The Hessian must be symmetric.", nameof(hessian));
                }
            }
        }

        _hessian = hessian.ToArray();
        _minimum = minimum.ToArray();
        _origin = origin.ToArray();
        _lossAtMinimum = lossAtMinimum;
    }

    /// <inheritdoc/>
    public int Dimension => _minimum.Length;

    /// <summary>H, row-major.</summary>
    public ReadOnlySpan<double> Hessian => _hessian;

    /// <summary>∇L(w*) = H(w* − m).</summary>
    public double[] GradientAtOrigin()
    {
        double[] gradient = new double[Dimension];
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = GradientElement(i, _origin);
        }

        return gradient;
    }

    /// <inheritdoc/>
    public bool UsesMinibatches => false;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w) => _origin.CopyTo(w);

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
    {
        double twice = 0;
        for (int i = 0; i < _minimum.Length; i++)
        {
            double element = GradientElement(i, w);
            gradient[i] = (float)element;
            twice += element * (w[i] - _minimum[i]);
        }

        return _lossAtMinimum + (0.5 * twice);
    }

    private double GradientElement(int i, ReadOnlySpan<float> w)
    {
        ReadOnlySpan<double> row = _hessian.AsSpan(i * _minimum.Length, _minimum.Length);
        double sum = 0;
        for (int j = 0; j < row.Length; j++)
        {
            sum += row[j] * (w[j] - _minimum[j]);
        }

        return sum;
    }
}
