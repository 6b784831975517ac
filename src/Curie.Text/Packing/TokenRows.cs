using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Memory;

namespace Curie.Text.Packing;

/// <summary>
/// Packed token rows: rows × n_ctx token ids in native memory, 16 bits each where every id fits, 32 otherwise.
/// </summary>
public sealed unsafe class TokenRows : IDisposable
{
    private readonly AlignedBuffer<ushort>? _narrow;
    private readonly AlignedBuffer<int>? _wide;

    /// <summary>Copies rows × contextLength token ids.</summary>
    /// <param name="tokens">The ids, row after row; none negative.</param>
    /// <param name="contextLength">Tokens per row.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of the context length, or an id is negative.</exception>
    public TokenRows(ReadOnlySpan<int> tokens, int contextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 1);
        ContextLength = contextLength;
        Count = tokens.Length / contextLength;
        int largest = 0;
        foreach (int token in tokens)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(token, nameof(tokens));
            largest = Math.Max(largest, token);
        }

        if (tokens.Length != Count * contextLength)
        {
            throw new ArgumentException("The tokens do not fill whole rows.", nameof(tokens));
        }

        if (largest <= ushort.MaxValue)
        {
            _narrow = new AlignedBuffer<ushort>(tokens.Length);
            for (int i = 0; i < tokens.Length; i++)
            {
                _narrow.Pointer[i] = (ushort)tokens[i];
            }
        }
        else
        {
            _wide = new AlignedBuffer<int>(tokens.Length);
            tokens.CopyTo(_wide.Span);
        }
    }

    private TokenRows(AlignedBuffer<ushort>? narrow, AlignedBuffer<int>? wide, int count, int contextLength)
    {
        _narrow = narrow;
        _wide = wide;
        Count = count;
        ContextLength = contextLength;
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>Tokens per row, n_ctx.</summary>
    public int ContextLength { get; }

    /// <summary>The token at a position of a row.</summary>
    public int this[int row, int position]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)ContextLength, nameof(position));
            long index = ((long)row * ContextLength) + position;
            return _narrow is not null ? _narrow.Pointer[index] : _wide!.Pointer[index];
        }
    }

    /// <summary>Reads NAME.npy: uint16 or int32, C order, shape (rows, n_ctx).</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabulary">d_vocab, above every id; 0 to accept any id.</param>
    /// <param name="maxContextLength">The longest row that the model takes; 0 for no limit.</param>
    /// <exception cref="InputException">
    /// The file is missing, damaged, of another dtype or shape, has no rows, rows of fewer than two tokens or longer than the model's context, or an id
    /// outside the vocabulary.
    /// </exception>
    public static TokenRows Load(string path, int vocabulary = 0, int maxContextLength = 0)
    {
        NpyHeader header = NpyFile.ReadHeader(path);
        if (header.Shape.Count != 2 || header.Element is not (NpyElement.UInt16 or NpyElement.Int32))
        {
            throw new InputException(
                $"{path}: token rows must be uint16 or int32 of shape (rows, n_ctx), but this is {header.Element.NumpyName()} of shape ({string.Join(", ", header.Shape)}); write it again with curie pack.");
        }

        (long count, long length) = (header.Shape[0], header.Shape[1]);
        if (count is < 1 or > int.MaxValue || length is < 2 or > int.MaxValue)
        {
            throw new InputException($"{path}: token rows need at least one row of two tokens, but the shape is ({count}, {length}).");
        }

        if (maxContextLength > 0 && length > maxContextLength)
        {
            throw new InputException(
                $"{path}: rows have {length} tokens, more than the model's n_ctx of {maxContextLength}; pack the text again with --n-ctx {maxContextLength} or less.");
        }

        TokenRows rows = header.Element == NpyElement.UInt16
            ? new TokenRows(NpyFile.Read<ushort>(path).Data, null, (int)count, (int)length)
            : new TokenRows(null, NpyFile.Read<int>(path).Data, (int)count, (int)length);
        rows.CheckIds(path, vocabulary);
        return rows;
    }

    /// <summary>Copies a row.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="destination">Receives <see cref="ContextLength"/> ids.</param>
    public void CopyRow(int row, Span<int> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        long start = (long)row * ContextLength;
        if (_wide is not null)
        {
            _wide.Slice(start, ContextLength).CopyTo(destination);
            return;
        }

        ReadOnlySpan<ushort> source = _narrow!.Slice(start, ContextLength);
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = source[i];
        }
    }

    /// <summary>Writes NAME.npy: uint16 if every id fits, int32 otherwise.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Save(string path)
    {
        long length = (long)Count * ContextLength;
        if (_narrow is not null)
        {
            NpyFile.Write<ushort>(path, [Count, ContextLength], writer => writer.Write(_narrow.Pointer, length));
        }
        else
        {
            NpyFile.Write<int>(path, [Count, ContextLength], writer => writer.Write(_wide!.Pointer, length));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _narrow?.Dispose();
        _wide?.Dispose();
    }

    private void CheckIds(string path, int vocabulary)
    {
        for (int row = 0; row < Count; row++)
        {
            for (int t = 0; t < ContextLength; t++)
            {
                int id = this[row, t];
                if (id < 0 || (vocabulary > 0 && id >= vocabulary))
                {
                    string allowed = vocabulary > 0 ? $"the model's ids are 0 to {vocabulary - 1}" : "ids start at 0";
                    throw new InputException(
                        $"{path}: row {row}, position {t} holds token id {id}, but {allowed}; pack the text with the tokenizer that the model was trained with.");
                }
            }
        }
    }
}
