using Curie.Numerics.Kernels;
using Curie.Numerics.Random;

namespace Curie.Sampling.Surfaces;

/// <summary>
/// Another surface with the gradient noise of a minibatch: L_m(w) = L(w) + s·ξᵀ(w − w*), ∇L_m = ∇L + s·ξ, with ξ standard normal and new
/// at every (chain, step). Gradient noise heats a chain; how much is known exactly on a quadratic (<see cref="QuadraticTruth"/>).
/// </summary>
public sealed class MinibatchNoise : ILossSurface
{
    private readonly ILossSurface _inner;
    private readonly float _deviation;
    private readonly long _seed;
    private readonly Kernels _kernels;
    private readonly float[] _origin;
    private readonly float[] _noise;

    /// <summary>Adds noise to <paramref name="inner"/>.</summary>
    /// <param name="inner">The surface without noise.</param>
    /// <param name="variance">s², the variance of each gradient element.</param>
    /// <param name="seed">The seed; every chain has its own stream.</param>
    /// <param name="kernels">Makes the normal numbers.</param>
    public MinibatchNoise(ILossSurface inner, double variance, long seed, Kernels kernels)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfNegative(variance);
        _inner = inner;
        _deviation = (float)Math.Sqrt(variance);
        _seed = seed;
        _kernels = kernels;
        _origin = new float[inner.Dimension];
        _noise = new float[inner.Dimension];
        inner.CopyOrigin(_origin);
    }

    /// <inheritdoc/>
    public int Dimension => _inner.Dimension;

    /// <inheritdoc/>
    public void CopyOrigin(Span<float> w) => _inner.CopyOrigin(w);

    /// <inheritdoc/>
    public double Gradient(int chain, long step, ReadOnlySpan<float> w, Span<float> gradient)
    {
        double loss = _inner.Gradient(chain, step, w, gradient);
        _kernels.FillGaussian(PhiloxKey.Derive(_seed, RandomPurpose.MinibatchOrder, "", chain), step, 0, _noise);
        for (int i = 0; i < _noise.Length; i++)
        {
            float noise = _deviation * _noise[i];
            gradient[i] += noise;
            loss += noise * ((double)w[i] - _origin[i]);
        }

        return loss;
    }
}
