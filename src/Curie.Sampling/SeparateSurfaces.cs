namespace Curie.Sampling;

/// <summary>Surfaces that share nothing, evaluated one after another.</summary>
/// <param name="surfaces">The surfaces.</param>
public sealed class SeparateSurfaces(IReadOnlyList<ILossSurface> surfaces) : ILossSurfaceGroup
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
}
