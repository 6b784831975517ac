using Curie.Networks.Data;
using Curie.Networks.Restricted;
using Curie.Numerics.Memory;
using Curie.Text.Packing;

namespace Curie.Sampling.Networks;

/// <summary>Gradients of a minibatch at any number of points, as many together as the group takes.</summary>
internal sealed class PointGradients(IRestrictedGroup group)
{
    private readonly LoadedWeights[] _points = new LoadedWeights[group.Components.Count * group.GradientSlots];
    private readonly AlignedBuffer<float>[] _gradients = new AlignedBuffer<float>[group.Components.Count * group.GradientSlots];
    private readonly int[] _loaded = new int[group.Components.Count];

    /// <summary>L and ∇L of a minibatch.</summary>
    /// <param name="rows">Token rows.</param>
    /// <param name="batch">The minibatch: indices of rows.</param>
    /// <param name="points">Where; those of one component side by side.</param>
    /// <param name="losses">Receives L at every point.</param>
    /// <param name="counts">How much each prediction of the rows counts in L; null for all alike.</param>
    public void At(
        TokenRows rows,
        ReadOnlySpan<int> batch,
        ReadOnlySpan<SurfacePoint> points,
        Span<double> losses,
        LossWeights? counts = null
    )
    {
        int first = 0;
        while (first < points.Length)
        {
            int count = Load(points[first..]);
            group.LossesAndGradients(rows, batch, _points.AsSpan(0, count), losses.Slice(first, count), _gradients, counts);
            first += count;
        }
    }

    /// <summary>Loads points until a component has no slot left, and returns how many.</summary>
    private int Load(ReadOnlySpan<SurfacePoint> points)
    {
        Array.Clear(_loaded);
        int count = 0;
        foreach (SurfacePoint point in points)
        {
            if (_loaded[point.Surface] == group.GradientSlots)
            {
                break;
            }

            int slot = _loaded[point.Surface]++;
            group.Load(point.Surface, slot, point.Weights.Span);
            _points[count] = new LoadedWeights(point.Surface, slot);
            _gradients[count++] = point.Gradient;
        }

        return count;
    }
}
