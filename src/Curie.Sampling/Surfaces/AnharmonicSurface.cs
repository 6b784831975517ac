using Curie.Numerics;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// A well that is not symmetric: V = λx²/2 + αx³/6 + κx⁴/24 around w* = 0, its only minimum. Sampled with nβ = t and no localisation,
/// t²Cov(x², x) → −2α/λ³ as t → ∞: the first effect of skewness, which a quadratic surface does not have.
/// </summary>
public sealed class AnharmonicSurface : ILossSurface
{
    private readonly double _lambda;
    private readonly double _alpha;
    private readonly double _kappa;

    /// <summary>Creates the surface.</summary>
    /// <param name="lambda">λ, the curvature at the minimum, above 0.</param>
    /// <param name="alpha">α, the third derivative there; α² &lt; (8/3)·λκ, or there is a second minimum.</param>
    /// <param name="kappa">κ, the fourth derivative, above 0.</param>
    /// <exception cref="InputException">A value is out of its range.</exception>
    public AnharmonicSurface(double lambda, double alpha, double kappa)
    {
        // V' = x(λ + αx/2 + κx²/6) has no other root if α²/4 < 2λκ/3.
        bool single =
            double.IsFinite(lambda) && double.IsFinite(kappa) && lambda > 0 && kappa > 0 && 3 * alpha * alpha < 8 * lambda * kappa;
        if (!single)
        {
            throw new InputException(
                "an anharmonic well with one minimum has lambda and kappa above 0 and 3·alpha² below 8·lambda·kappa: make alpha smaller."
            );
        }

        _lambda = lambda;
        _alpha = alpha;
        _kappa = kappa;
    }

    /// <inheritdoc/>
    public int Dimension => 1;

    /// <inheritdoc/>
    public bool UsesMinibatches => false;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w) => w.Clear();

    /// <summary>V(x).</summary>
    public double Potential(double x) => x * x * ((_lambda / 2) + (x * ((_alpha / 6) + (x * _kappa / 24))));

    /// <summary>V'(x).</summary>
    public double Slope(double x) => x * (_lambda + (x * ((_alpha / 2) + (x * _kappa / 6))));

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
    {
        gradient[0] = (float)Slope(w[0]);
        return Potential(w[0]);
    }
}
