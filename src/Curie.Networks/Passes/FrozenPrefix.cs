using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>
/// What enters one block for a fixed list of rows: constant while only that block and later ones change, so it is computed once.
/// Using it gives the same bits as computing it again.
/// </summary>
public sealed unsafe class FrozenPrefix : IDisposable
{
    private readonly AlignedBuffer<float> _residuals;
    private readonly int _positions;

    internal FrozenPrefix(int layer, int rows, int positions, int width)
    {
        Layer = layer;
        _positions = positions;
        Width = width;
        _residuals = new AlignedBuffer<float>((long)rows * positions * width);
    }

    /// <summary>The block whose input this is; the number of blocks for what enters the final layer norm.</summary>
    public int Layer { get; }

    /// <summary>The width d of the residual stream.</summary>
    public int Width { get; }

    /// <summary>The memory that a prefix of the given size takes.</summary>
    public static long BytesFor(long rows, int positions, int width) => rows * positions * width * sizeof(float);

    /// <inheritdoc/>
    public void Dispose() => _residuals.Dispose();

    internal void CopyTo(int row, MatrixView residual) => Row(row).CopyTo(new Span<float>(residual.Data, _positions * Width));

    internal void CopyFrom(int row, MatrixView residual) => new ReadOnlySpan<float>(residual.Data, _positions * Width).CopyTo(Row(row));

    private Span<float> Row(int row) => _residuals.Slice((long)row * _positions * Width, _positions * Width);
}
