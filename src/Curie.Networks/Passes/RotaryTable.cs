using Curie.Networks.Architecture;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>The cosines and sines by which queries and keys are turned at every position, made in float64.</summary>
/// <remarks>The table is made as far as rows reach: contexts can be much longer than any of them.</remarks>
internal sealed unsafe class RotaryTable : IDisposable
{
    private const int FirstPositions = 1024;
    private readonly Lock _growth = new();
    private readonly List<AlignedBuffer<float>> _buffers = [];
    private readonly double[] _frequencies;
    private readonly bool _adjacent;
    private Columns _columns;

    public RotaryTable(RotaryOptions options, int contextLength)
    {
        _frequencies = options.Frequencies();
        _adjacent = options.AdjacentPairs;
        _columns = Make(Math.Min(contextLength, FirstPositions));
    }

    /// <summary>Turns the queries or keys of one head, in place; row i stands at positions[i], or at i.</summary>
    public void Turn(MatrixView x, ReadOnlySpan<int> positions = default) => Rotate(x, inverse: false, positions);

    /// <summary>Turns gradients back.</summary>
    public void TurnBack(MatrixView x) => Rotate(x, inverse: true, default);

    public void Dispose()
    {
        // What was outgrown may have been in use until now.
        _buffers.ForEach(buffer => buffer.Dispose());
    }

    private void Rotate(MatrixView x, bool inverse, ReadOnlySpan<int> positions)
    {
        Columns columns = Reaching(positions.IsEmpty ? x.Rows : positions[^1] + 1);
        Rotary.Rotate(x, columns.Cosines, columns.Sines, _adjacent, inverse, positions);
    }

    private Columns Reaching(int positions)
    {
        Columns columns = Volatile.Read(ref _columns);
        if (positions <= columns.Cosines.Rows)
        {
            return columns;
        }

        lock (_growth)
        {
            if (positions > _columns.Cosines.Rows)
            {
                Volatile.Write(ref _columns, Make(Math.Max(positions, 2 * _columns.Cosines.Rows)));
            }

            return _columns;
        }
    }

    private Columns Make(int positions)
    {
        int pairs = _frequencies.Length;
        AlignedBuffer<float> values = new(2L * positions * pairs);
        _buffers.Add(values);
        MatrixView cosines = new(values.Pointer, positions, pairs);
        MatrixView sines = new(values.Pointer + ((long)positions * pairs), positions, pairs);
        for (int t = 0; t < positions; t++)
        {
            for (int i = 0; i < pairs; i++)
            {
                (double sine, double cosine) = Math.SinCos(t * _frequencies[i]);
                cosines.Row(t)[i] = (float)cosine;
                sines.Row(t)[i] = (float)sine;
            }
        }

        return new Columns(cosines, sines);
    }

    /// <summary>Positions × pairs each.</summary>
    private sealed record Columns(MatrixView Cosines, MatrixView Sines);
}
