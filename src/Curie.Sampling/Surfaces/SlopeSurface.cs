using Curie.Numerics;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// L = Σ c_i·w_i around w* = 0: gradients are constant, so a preconditioner made of them is too, once it has forgotten its start. With
/// localisation γ each
/// weight is normal with mean −nβc_i/γ and, by chains of step ε·G_i, variance 1/(γ(1 − εG_iγ/4)). Sums run in float64.
/// </summary>
public sealed class SlopeSurface : ILossSurface
{
    private readonly float[] _slopes;

    /// <summary>Creates the surface.</summary>
    /// <param name="slopes">c_i.</param>
    /// <exception cref="InputException">There is no slope, or one is not finite.</exception>
    public SlopeSurface(ReadOnlySpan<double> slopes)
    {
        _slopes = Array.ConvertAll(slopes.ToArray(), slope => (float)slope);
        if (_slopes.Length == 0 || Array.Exists(_slopes, slope => !float.IsFinite(slope)))
        {
            throw new InputException("a slope surface has a finite slope for each of its weights: give them as 0.1,1,10.");
        }
    }

    /// <inheritdoc/>
    public int Dimension => _slopes.Length;

    /// <inheritdoc/>
    public bool UsesMinibatches => false;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w) => w.Clear();

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
    {
        _slopes.CopyTo(gradient);
        double loss = 0;
        for (int i = 0; i < _slopes.Length; i++)
        {
            loss += (double)_slopes[i] * w[i];
        }

        return loss;
    }
}
