using Curie.Sampling.Coupling;

namespace Curie.Sampling;

/// <summary>Surfaces that share nothing, evaluated one after another.</summary>
/// <param name="surfaces">The surfaces.</param>
public sealed class SeparateSurfaces(IReadOnlyList<ILossSurface> surfaces) : ICoupledSurfaceGroup
{
    /// <inheritdoc/>
    public IReadOnlyList<ILossSurface> Surfaces => surfaces;

    /// <inheritdoc/>
    public void Gradients(int chain, long step, ReadOnlySpan<SurfacePoint> points, Span<double> losses)
    {
        for (int i = 0; i < points.Length; i++)
        {
            losses[i] = surfaces[points[i].Surface].Gradient(chain, step, points[i].Weights.Span, points[i].Gradient.Span);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">A surface has no observable.</exception>
    public void ObservableGradients(int chain, long step, ReadOnlySpan<SurfacePoint> points)
    {
        foreach (SurfacePoint point in points)
        {
            if (surfaces[point.Surface] is not IObservableSurface surface)
            {
                throw new NotSupportedException("A surface without an observable has no shadows.");
            }

            surface.ObservableGradient(chain, step, point.Weights.Span, point.Gradient.Span);
        }
    }
}
