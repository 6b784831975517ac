using Curie.Networks.Architecture;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// What is kept of rows while heads of one layer vary: what their attention reads, and the residual stream and their mixed values at w*,
/// of as many rows as fit; and on demand the frozen part of the logits of some of those, which is V numbers a position.
/// </summary>
internal sealed unsafe class HeadRowStore : IDisposable
{
    private readonly TransformerConfig _config;
    private readonly WantedTokens _wanted;
    private readonly int _mixedWidth;
    private readonly long[] _reachStarts;
    private readonly long[] _keptStarts;
    private readonly AlignedBuffer<float> _norms;
    private readonly AlignedBuffer<float> _residuals;
    private readonly AlignedBuffer<float> _mixed;
    private AlignedBuffer<float>? _logits;

    /// <summary>Room for the first rows.</summary>
    /// <param name="config">The shapes.</param>
    /// <param name="wanted">The wanted positions of all rows.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="components">The number of components whose mixed values are kept.</param>
    /// <param name="wantedOnly">Whether residuals and mixed values are kept at wanted positions only, or up to the last of them.</param>
    /// <param name="memory">The bytes that may be taken.</param>
    public HeadRowStore(TransformerConfig config, WantedTokens wanted, int rows, int components, bool wantedOnly, long memory)
    {
        _config = config;
        _wanted = wanted;
        _mixedWidth = components * config.GroupWidth;
        _reachStarts = new long[rows + 1];
        _keptStarts = new long[rows + 1];
        for (int row = 0; row < rows; row++)
        {
            _reachStarts[row + 1] = _reachStarts[row] + wanted.Reach(row);
            _keptStarts[row + 1] = _keptStarts[row] + (wantedOnly ? wanted.Positions(row).Length : wanted.Reach(row));
        }

        while (KeptRows < rows && BytesFor(KeptRows + 1) <= memory)
        {
            KeptRows++;
        }

        _norms = new AlignedBuffer<float>(_reachStarts[KeptRows] * config.ModelWidth);
        _residuals = new AlignedBuffer<float>(_keptStarts[KeptRows] * config.ModelWidth);
        _mixed = new AlignedBuffer<float>(_keptStarts[KeptRows] * _mixedWidth);
    }

    /// <summary>The rows that are kept: the first so many.</summary>
    public int KeptRows { get; }

    /// <summary>The rows of which B is kept: the first so many.</summary>
    public int RowsWithLogits { get; private set; }

    /// <summary>The bytes held.</summary>
    public long Bytes => BytesFor(KeptRows) + LogitBytesFor(RowsWithLogits);

    /// <summary>Makes room for B of as many kept rows as fit into so many bytes.</summary>
    public void AllocateLogits(long bytes)
    {
        RowsWithLogits = 0;
        while (RowsWithLogits < KeptRows && LogitBytesFor(RowsWithLogits + 1) <= bytes)
        {
            RowsWithLogits++;
        }

        _logits?.Dispose();
        _logits = new AlignedBuffer<float>((long)_wanted.Start(RowsWithLogits) * _config.Logits);
    }

    /// <summary>A kept row.</summary>
    public FrozenHeadRow Kept(int row) =>
        View(
            row,
            _norms.Pointer + (_reachStarts[row] * _config.ModelWidth),
            _residuals.Pointer + (_keptStarts[row] * _config.ModelWidth),
            _mixed.Pointer + (_keptStarts[row] * _mixedWidth)
        );

    /// <summary>Room for any row in a frame of working memory.</summary>
    public FrozenHeadRow Room(int row, Scratch.Frame frame)
    {
        long kept = Length(row);
        return View(
            row,
            frame.Pointer((long)_wanted.Reach(row) * _config.ModelWidth),
            frame.Pointer(kept * _config.ModelWidth),
            frame.Pointer(kept * _mixedWidth)
        );
    }

    /// <summary>B at the wanted positions.</summary>
    public MatrixView Logits(int row) =>
        new(_logits!.Pointer + ((long)_wanted.Start(row) * _config.Logits), _wanted.Positions(row).Length, _config.Logits);

    public void Dispose()
    {
        _norms.Dispose();
        _residuals.Dispose();
        _mixed.Dispose();
        _logits?.Dispose();
    }

    private FrozenHeadRow View(int row, float* norm, float* residual, float* mixed) =>
        new()
        {
            Index = row,
            Wanted = _wanted.Positions(row),
            Norm = new MatrixView(norm, _wanted.Reach(row), _config.ModelWidth),
            Residual = new MatrixView(residual, Length(row), _config.ModelWidth),
            Mixed = new MatrixView(mixed, Length(row), _mixedWidth),
        };

    private int Length(int row) => (int)(_keptStarts[row + 1] - _keptStarts[row]);

    private long BytesFor(int rows) =>
        ((_reachStarts[rows] * _config.ModelWidth) + (_keptStarts[rows] * (_config.ModelWidth + _mixedWidth))) * sizeof(float);

    private long LogitBytesFor(int rows) => (long)_wanted.Start(rows) * _config.Logits * sizeof(float);
}
