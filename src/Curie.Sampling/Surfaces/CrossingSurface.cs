using Curie.Numerics;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// Normal crossings in the plane: K = A·x^{2p}·y^{2q} around w* = 0, the simplest loss with flat directions. Its law needs a localisation
/// or a box (<see cref="CrossingTruth"/>, <see cref="BoxTruth"/>); without either it has none.
/// </summary>
public sealed class CrossingSurface : ILossSurface
{
    private readonly double _scale;
    private readonly int _p;
    private readonly int _q;

    /// <summary>Creates the surface.</summary>
    /// <param name="scale">A, above 0.</param>
    /// <param name="p">p, at least 1.</param>
    /// <param name="q">q, at least 1.</param>
    /// <exception cref="InputException">A value is out of its range.</exception>
    public CrossingSurface(double scale, int p, int q)
    {
        Require(scale, p, q);
        _scale = scale;
        _p = p;
        _q = q;
    }

    /// <inheritdoc/>
    public int Dimension => 2;

    /// <inheritdoc/>
    public bool UsesMinibatches => false;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w) => w.Clear();

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
    {
        double x = w[0];
        double y = w[1];
        double oddX = Power(x, (2 * _p) - 1);
        double oddY = Power(y, (2 * _q) - 1);
        gradient[0] = (float)(_scale * 2 * _p * oddX * oddY * y);
        gradient[1] = (float)(_scale * 2 * _q * oddX * x * oddY);
        return _scale * oddX * x * oddY * y;
    }

    internal static void Require(double scale, int p, int q)
    {
        if (!(double.IsFinite(scale) && scale > 0))
        {
            throw new InputException("the scale of a crossing is the factor on its loss: give a number above 0.");
        }

        if (p < 1 || q < 1 || p > LargestPower || q > LargestPower)
        {
            throw new InputException($"a crossing x^2p·y^2q has whole powers p and q from 1 to {LargestPower}, and {p} and {q} are given.");
        }
    }

    private const int LargestPower = 50;

    private static double Power(double x, int power)
    {
        double result = x;
        for (int i = 1; i < power; i++)
        {
            result *= x;
        }

        return result;
    }
}
