using Curie.Networks.Restricted;
using Curie.Numerics.Memory;

namespace Curie.Sampling.Networks;

/// <summary>The gradients of an observable Σ_t weight_t·P_t, each P_t estimated from those of its rows that an update chooses.</summary>
internal sealed class ObservableSum : IDisposable
{
    private readonly IReadOnlyList<ObservableTerm> _terms;
    private readonly PointGradients _gradients;
    private readonly int[][] _places;
    private readonly int[][] _rows;
    private readonly List<AlignedBuffer<float>>[] _room;
    private readonly int[] _used;
    private double[] _losses = [];
    private SurfacePoint[] _points = [];

    /// <summary>An observable of the components of a group.</summary>
    /// <param name="group">The components.</param>
    /// <param name="gradients">Makes the gradients of rows.</param>
    /// <param name="terms">The terms, at least one.</param>
    public ObservableSum(IRestrictedGroup group, PointGradients gradients, IReadOnlyList<ObservableTerm> terms)
    {
        ArgumentOutOfRangeException.ThrowIfZero(terms.Count);
        _terms = terms;
        _gradients = gradients;
        _places = [.. terms.Select(term => new int[term.Rows.Count])];
        _rows = [.. terms.Select(term => new int[term.Rows.Count])];
        _room = [.. group.Components.Select(_ => new List<AlignedBuffer<float>>())];
        _used = new int[group.Components.Count];
    }

    /// <summary>Fills the gradients of points. Nothing is allocated once as many points have been asked for before.</summary>
    /// <param name="chain">The first chain of the pair.</param>
    /// <param name="step">The updates made.</param>
    /// <param name="points">Where; those of one component side by side.</param>
    /// <param name="anchors">The correction of the first term's rows; null for none.</param>
    public void At(int chain, long step, ReadOnlySpan<SurfacePoint> points, PerturbationChoice? anchors)
    {
        if (_losses.Length < points.Length)
        {
            _losses = new double[points.Length];
            _points = new SurfacePoint[points.Length];
        }

        Term(0, chain, step, points);
        foreach (SurfacePoint point in points)
        {
            anchors?.Anchors(point.Surface)?.Correct(_places[0], point.Gradient.Span);
            Scale(point.Gradient.Span, (float)_terms[0].Weight);
        }

        for (int term = 1; term < _terms.Count; term++)
        {
            MakeRoom(points);
            Term(term, chain, step, _points.AsSpan(0, points.Length));
            for (int i = 0; i < points.Length; i++)
            {
                Add(points[i].Gradient.Span, _points[i].Gradient.Span, (float)_terms[term].Weight);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_room, room => room.ForEach(buffer => buffer.Dispose()));

    private void Term(int term, int chain, long step, ReadOnlySpan<SurfacePoint> points)
    {
        ObservableRows rows = _terms[term].Rows;
        rows.Fill(chain, step, _places[term]);
        for (int i = 0; i < _places[term].Length; i++)
        {
            _rows[term][i] = rows.Indices[_places[term][i]];
        }

        _gradients.At(rows.Rows, _rows[term], points, _losses, rows.Weights);
    }

    /// <summary>The same points with room of their own for another term's gradients.</summary>
    private void MakeRoom(ReadOnlySpan<SurfacePoint> points)
    {
        Array.Clear(_used);
        for (int i = 0; i < points.Length; i++)
        {
            SurfacePoint point = points[i];
            List<AlignedBuffer<float>> room = _room[point.Surface];
            int place = _used[point.Surface]++;
            if (place == room.Count)
            {
                room.Add(new AlignedBuffer<float>(point.Gradient.Length));
            }

            _points[i] = point with { Gradient = room[place] };
        }
    }

    private static void Scale(Span<float> x, float factor)
    {
        if (factor == 1)
        {
            return;
        }

        for (int i = 0; i < x.Length; i++)
        {
            x[i] *= factor;
        }
    }

    private static void Add(Span<float> x, ReadOnlySpan<float> y, float factor)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] += factor * y[i];
        }
    }
}
