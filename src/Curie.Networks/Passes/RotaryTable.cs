using Curie.Networks.Architecture;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>The cosines and sines by which queries and keys are turned at every position, made in float64.</summary>
internal sealed unsafe class RotaryTable : IDisposable
{
    private readonly AlignedBuffer<float> _cosines;
    private readonly AlignedBuffer<float> _sines;
    private readonly int _positions;
    private readonly int _pairs;
    private readonly bool _adjacent;

    public RotaryTable(RotaryOptions options, int positions)
    {
        double[] frequencies = options.Frequencies();
        _positions = positions;
        _pairs = frequencies.Length;
        _adjacent = options.AdjacentPairs;
        _cosines = new AlignedBuffer<float>((long)positions * _pairs);
        _sines = new AlignedBuffer<float>((long)positions * _pairs);
        for (int t = 0; t < positions; t++)
        {
            for (int i = 0; i < _pairs; i++)
            {
                (double sine, double cosine) = Math.SinCos(t * frequencies[i]);
                _cosines.Pointer[((long)t * _pairs) + i] = (float)cosine;
                _sines.Pointer[((long)t * _pairs) + i] = (float)sine;
            }
        }
    }

    /// <summary>Turns the queries or keys of one head, in place; row i stands at positions[i], or at i.</summary>
    public void Turn(MatrixView x, ReadOnlySpan<int> positions = default) => Rotate(x, inverse: false, positions);

    /// <summary>Turns gradients back.</summary>
    public void TurnBack(MatrixView x) => Rotate(x, inverse: true, default);

    public void Dispose()
    {
        _cosines.Dispose();
        _sines.Dispose();
    }

    private void Rotate(MatrixView x, bool inverse, ReadOnlySpan<int> positions) =>
        Rotary.Rotate(
            x,
            new MatrixView(_cosines.Pointer, _positions, _pairs),
            new MatrixView(_sines.Pointer, _positions, _pairs),
            _adjacent,
            inverse,
            positions
        );
}
