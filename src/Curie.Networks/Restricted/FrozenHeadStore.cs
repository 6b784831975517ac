using Curie.Networks.Architecture;
using Curie.Numerics.Memory;

namespace Curie.Networks.Restricted;

/// <summary>
/// What is kept of rows while a head of the last layer varies: the input of that layer's attention and the final residual without
/// the head, of as many rows as fit; and of some of those the frozen part of their logits, which is V numbers a position.
/// </summary>
internal sealed unsafe class FrozenHeadStore : IDisposable
{
    private readonly TransformerConfig _config;
    private readonly WantedTokens _wanted;
    private readonly long[] _normStarts;
    private readonly AlignedBuffer<float> _norms;
    private readonly AlignedBuffer<float> _residuals;
    private AlignedBuffer<float>? _logits;

    public FrozenHeadStore(TransformerConfig config, WantedTokens wanted, int rows, long memory)
    {
        _config = config;
        _wanted = wanted;
        _normStarts = new long[rows + 1];
        for (int row = 0; row < rows; row++)
        {
            _normStarts[row + 1] = _normStarts[row] + wanted.Reach(row);
        }

        while (KeptRows < rows && BytesFor(KeptRows + 1) <= memory)
        {
            KeptRows++;
        }

        _norms = new AlignedBuffer<float>(_normStarts[KeptRows] * config.ModelWidth);
        _residuals = new AlignedBuffer<float>((long)wanted.Start(KeptRows) * config.ModelWidth);
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
        _logits = new AlignedBuffer<float>((long)_wanted.Start(RowsWithLogits) * _config.Vocabulary);
    }

    /// <summary>LN1 of the last layer, up to the last wanted position.</summary>
    public MatrixView Norm(int row) => new(_norms.Pointer + (_normStarts[row] * _config.ModelWidth), _wanted.Reach(row), _config.ModelWidth);

    /// <summary>r0 at the wanted positions.</summary>
    public MatrixView Residual(int row) =>
        new(_residuals.Pointer + ((long)_wanted.Start(row) * _config.ModelWidth), _wanted.Positions(row).Length, _config.ModelWidth);

    /// <summary>B at the wanted positions.</summary>
    public MatrixView Logits(int row) =>
        new(_logits!.Pointer + ((long)_wanted.Start(row) * _config.Vocabulary), _wanted.Positions(row).Length, _config.Vocabulary);

    public void Dispose()
    {
        _norms.Dispose();
        _residuals.Dispose();
        _logits?.Dispose();
    }

    private long BytesFor(int rows) => (_normStarts[rows] + _wanted.Start(rows)) * _config.ModelWidth * sizeof(float);

    private long LogitBytesFor(int rows) => (long)_wanted.Start(rows) * _config.Vocabulary * sizeof(float);
}
