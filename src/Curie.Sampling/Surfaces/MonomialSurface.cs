using Curie.Numerics;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// K = ½ Σ |w_i|^{p_i} around w* = 0. Without localisation nβE[K] = Σ 1/p_i at every nβ, as E[w·∂U/∂w] = 1 for each coordinate of any law
/// e^{−U}. Sums run in float64.
/// </summary>
public sealed class MonomialSurface : ILossSurface
{
    private readonly double[] _powers;

    /// <summary>Creates the surface.</summary>
    /// <param name="powers">p_i, one for each coordinate, each at least 2: below, the gradient has a kink at w*.</param>
    /// <exception cref="InputException">There is no power, or one is below 2.</exception>
    public MonomialSurface(ReadOnlySpan<double> powers)
    {
        _powers = powers.ToArray();
        if (_powers.Length == 0 || Array.Exists(_powers, power => !(double.IsFinite(power) && power >= 2)))
        {
            throw new InputException("a monomial surface has a power of at least 2 for each of its coordinates: give them as 4,2.");
        }
    }

    /// <inheritdoc/>
    public int Dimension => _powers.Length;

    /// <summary>p_i.</summary>
    public ReadOnlySpan<double> Powers => _powers;

    /// <inheritdoc/>
    public bool UsesMinibatches => false;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w) => w.Clear();

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
    {
        double loss = 0;
        for (int i = 0; i < _powers.Length; i++)
        {
            double size = Math.Abs((double)w[i]);
            double slope = 0.5 * Math.Pow(size, _powers[i] - 1);
            gradient[i] = (float)Math.CopySign(_powers[i] * slope, w[i]);
            loss += size * slope;
        }

        return loss;
    }
}
