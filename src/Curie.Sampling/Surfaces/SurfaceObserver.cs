namespace Curie.Sampling.Surfaces;

/// <summary>Takes P(w) from a surface without minibatches: the observer of analytic potentials and full-batch losses.</summary>
public sealed class SurfaceObserver : IDrawObserver
{
    private readonly ILossSurface _surface;
    private readonly float[] _gradient;

    /// <summary>Observes the loss of <paramref name="surface"/>, which must not depend on chain and step.</summary>
    public SurfaceObserver(ILossSurface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        _surface = surface;
        _gradient = new float[surface.Dimension];
    }

    /// <summary>L0 = L(w*).</summary>
    public double InitLoss()
    {
        float[] origin = new float[_surface.Dimension];
        _surface.CopyOrigin(origin);
        return _surface.Gradient(0, 0, origin, _gradient);
    }

    /// <inheritdoc/>
    public double Observe(int chain, int draw, ReadOnlySpan<float> w) => _surface.Gradient(chain, draw, w, _gradient);
}
