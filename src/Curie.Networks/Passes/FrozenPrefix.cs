using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// The residual stream at one point for a fixed list of rows: constant while only what follows changes, so it is computed once.
/// Using it gives the same bits as computing it again.
/// </summary>
public sealed unsafe class FrozenPrefix : IDisposable
{
    private readonly AlignedBuffer<float> _residuals;
    private readonly int _positions;

    internal FrozenPrefix(NetworkPoint point, int rows, int positions, int width)
    {
        Point = point;
        _positions = positions;
        Width = width;
        _residuals = new AlignedBuffer<float>((long)rows * positions * width);
    }

    /// <summary>The point.</summary>
    public NetworkPoint Point { get; }

    /// <summary>The width d of the residual stream.</summary>
    public int Width { get; }

    /// <summary>The memory that a prefix of the given size takes.</summary>
    public static long BytesFor(long rows, int positions, int width) => rows * positions * width * sizeof(float);

    /// <inheritdoc/>
    public void Dispose() => _residuals.Dispose();

    /// <summary>Copies as many positions of a row as <paramref name="residual"/> has.</summary>
    internal void CopyTo(int row, MatrixView residual) =>
        Row(row)[..(residual.Rows * Width)].CopyTo(new Span<float>(residual.Data, residual.Rows * Width));

    internal void CopyFrom(int row, MatrixView residual) => new ReadOnlySpan<float>(residual.Data, _positions * Width).CopyTo(Row(row));

    private Span<float> Row(int row) => _residuals.Slice((long)row * _positions * Width, _positions * Width);
}
