namespace Curie.Text.Packing;

/// <summary>
/// Cuts a stream of tokens into rows, which may begin with a token of their own, in blocks of rows so that nothing large is ever copied
/// twice.
/// </summary>
internal sealed class RowBuilder : IDisposable
{
    private const int BlockTokens = 1 << 22;
    private readonly int _vocabularySize;
    private readonly int _blockRows;
    private readonly int[] _row;
    private readonly List<TokenRows> _blocks = [];
    private readonly int _first;
    private int _filled;

    /// <summary>Makes a builder; without a token that begins rows, all of a row is of the stream.</summary>
    public RowBuilder(int contextLength, int vocabularySize, int? bos)
    {
        _vocabularySize = vocabularySize;
        _blockRows = Math.Max(1, BlockTokens / contextLength);
        _row = new int[contextLength];
        _first = bos is null ? 0 : 1;
        _row[0] = bos ?? 0;
        _filled = _first;
    }

    /// <summary>Complete rows so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Tokens appended so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>Tokens of the row that is not complete.</summary>
    public int Pending => _filled - _first;

    /// <summary>How many tokens of the stream are in a row.</summary>
    public int PieceLength => _row.Length - _first;

    public void Append(ReadOnlySpan<int> tokens)
    {
        Tokens += tokens.Length;
        while (!tokens.IsEmpty)
        {
            int taken = Math.Min(tokens.Length, _row.Length - _filled);
            tokens[..taken].CopyTo(_row.AsSpan(_filled));
            tokens = tokens[taken..];
            _filled += taken;
            if (_filled == _row.Length)
            {
                Complete();
            }
        }
    }

    /// <summary>The complete rows, in the order of the stream or in a random one.</summary>
    public TokenRows ToRows(long? seed)
    {
        int[]? order = seed is { } given ? TokenRows.RandomOrder(Rows, given) : null;
        TokenRows rows = TokenRows.Allocate(Rows, _row.Length, _vocabularySize);
        int[] row = new int[_row.Length];
        for (int i = 0; i < Rows; i++)
        {
            int from = order?[i] ?? i;
            _blocks[from / _blockRows].CopyRow(from % _blockRows, row);
            rows.SetRow(i, row);
        }

        return rows;
    }

    public void Dispose() => _blocks.ForEach(block => block.Dispose());

    private void Complete()
    {
        int inBlock = Rows % _blockRows;
        if (inBlock == 0)
        {
            _blocks.Add(TokenRows.Allocate(_blockRows, _row.Length, _vocabularySize));
        }

        _blocks[^1].SetRow(inBlock, _row);
        Rows = checked(Rows + 1);
        _filled = _first;
    }
}
