using System.Numerics;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Text.Packing;

/// <summary>
/// Packed token rows: rows × n_ctx token ids in native memory, 16 bits each where every id fits, 32 otherwise.
/// </summary>
public sealed unsafe class TokenRows : IDisposable
{
    /// <summary>The largest vocabulary whose ids fit 16 bits.</summary>
    public const int NarrowVocabulary = ushort.MaxValue + 1;

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

    /// <summary>Allocates rows of zeros, to be filled by <see cref="SetRow"/>.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="contextLength">Tokens per row.</param>
    /// <param name="vocabulary">d_vocab, above every id to come.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative, or another argument is not positive.</exception>
    public static TokenRows Allocate(int count, int contextLength, int vocabulary)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        long length = (long)count * contextLength;
        return vocabulary <= NarrowVocabulary
            ? new TokenRows(new AlignedBuffer<ushort>(length), null, count, contextLength)
            : new TokenRows(null, new AlignedBuffer<int>(length), count, contextLength);
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The number of tokens, rows × n_ctx.</summary>
    public long TokenCount => (long)Count * ContextLength;

    /// <summary>The memory the tokens take, in bytes.</summary>
    public long MemoryBytes => TokenCount * (_narrow is not null ? sizeof(ushort) : sizeof(int));

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

    /// <summary>
    /// Reads NAME.npy: uint8, uint16, uint32, int32 or int64, little-endian, C order, shape (rows, n_ctx).
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabulary">d_vocab, above every id; 0 to accept any id.</param>
    /// <param name="maxContextLength">The longest row that the model takes; 0 for no limit.</param>
    /// <exception cref="InputException">
    /// The file is missing, damaged, of another dtype or shape, has no rows, rows of fewer than two tokens or longer than the model's
    /// context, or an id
    /// outside the vocabulary.
    /// </exception>
    public static TokenRows Load(string path, int vocabulary = 0, int maxContextLength = 0)
    {
        NpyHeader header = NpyFile.ReadHeader(path);
        bool isInteger = header.Element is not (NpyElement.Float32 or NpyElement.Float64 or NpyElement.Bool);
        if (header.Shape.Count != 2 || !isInteger)
        {
            throw new InputException(
                $"{path}: token rows must be uint16, int32 or other integers of shape (rows, n_ctx), but this is "
                    + $"{header.Element.NumpyName()} of shape ({string.Join(", ", header.Shape)}); write it again with curie pack."
            );
        }

        (long count, long length) = (header.Shape[0], header.Shape[1]);
        if (count is < 1 or > int.MaxValue || length is < 2 or > int.MaxValue)
        {
            throw new InputException(
                $"{path}: token rows need at least one row of two tokens, but the shape is ({count}, {length}); pack more text."
            );
        }

        if (maxContextLength > 0 && length > maxContextLength)
        {
            throw new InputException(
                $"{path}: rows have {Counted.Of(length, "token")}, more than the model's n_ctx of {maxContextLength}; pack the text "
                    + "again with an "
                    + $"`n_ctx` of {maxContextLength} or less."
            );
        }

        return header.Element switch
        {
            NpyElement.UInt16 => Checked(new TokenRows(NpyFile.Read<ushort>(path).Data, null, (int)count, (int)length), path, vocabulary),
            NpyElement.Int32 => Checked(new TokenRows(null, NpyFile.Read<int>(path).Data, (int)count, (int)length), path, vocabulary),
            NpyElement.UInt8 => Convert<byte>(path, vocabulary),
            NpyElement.UInt32 => Convert<uint>(path, vocabulary),
            _ => Convert<long>(path, vocabulary),
        };
    }

    /// <summary>Rows of several sets, one set after another.</summary>
    /// <exception cref="InputException">The sets' rows differ in length, or there are more rows than can be counted.</exception>
    /// <exception cref="ArgumentException">No set was given.</exception>
    public static TokenRows Concatenate(IReadOnlyList<TokenRows> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count == 0)
        {
            throw new ArgumentException("There are no rows to join.", nameof(sets));
        }

        int contextLength = sets[0].ContextLength;
        if (sets.FirstOrDefault(set => set.ContextLength != contextLength) is { } other)
        {
            throw new InputException(
                $"rows of {contextLength} and of {other.ContextLength} tokens cannot be joined; pack both with the same n_ctx."
            );
        }

        long count = sets.Sum(set => (long)set.Count);
        if (count > int.MaxValue)
        {
            throw new InputException($"{count} rows are more than one set can hold; join fewer.");
        }

        TokenRows all = Allocate((int)count, contextLength, sets.All(set => set._narrow is not null) ? NarrowVocabulary : int.MaxValue);
        int at = 0;
        foreach (TokenRows set in sets)
        {
            set.CopyTo(0, all, at, set.Count);
            at += set.Count;
        }

        return all;
    }

    /// <summary>Some of the rows, copied.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the rows.</exception>
    public TokenRows Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)start + count, Count, nameof(count));
        TokenRows slice = Allocate(count, ContextLength, _narrow is not null ? NarrowVocabulary : int.MaxValue);
        CopyTo(start, slice, 0, count);
        return slice;
    }

    /// <summary>The same rows in a random order.</summary>
    /// <param name="seed">The seed of the order.</param>
    public TokenRows Shuffled(long seed)
    {
        int[] order = RandomOrder(Count, seed);
        TokenRows shuffled = Allocate(Count, ContextLength, _narrow is not null ? NarrowVocabulary : int.MaxValue);
        for (int row = 0; row < order.Length; row++)
        {
            CopyTo(order[row], shuffled, row, 1);
        }

        return shuffled;
    }

    /// <summary>Puts the tokens of every row in a random order of its own, in place.</summary>
    /// <param name="seed">The seed of the orders.</param>
    /// <param name="keepsFirst">Whether the first token of every row stays, as one that begins rows does.</param>
    public void Scramble(long seed, bool keepsFirst)
    {
        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.TokenOrder));
        int[] tokens = new int[ContextLength];
        for (int row = 0; row < Count; row++)
        {
            CopyRow(row, tokens);
            random.Shuffle<int>(tokens.AsSpan(keepsFirst ? 1 : 0));
            SetRow(row, tokens);
        }
    }

    /// <summary>A copy of a row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public int[] Row(int row)
    {
        int[] tokens = new int[ContextLength];
        CopyRow(row, tokens);
        return tokens;
    }

    /// <summary>Fills a row.</summary>
    /// <exception cref="ArgumentException">The tokens are not n_ctx many, or an id is negative or does not fit the storage.</exception>
    public void SetRow(int row, ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        if (tokens.Length != ContextLength)
        {
            throw new ArgumentException($"A row has {ContextLength} tokens; {tokens.Length} were given.", nameof(tokens));
        }

        int limit = _narrow is not null ? NarrowVocabulary : int.MaxValue;
        foreach (int token in tokens)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)token, (uint)limit, nameof(tokens));
        }

        long start = (long)row * ContextLength;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (_narrow is not null)
            {
                _narrow.Pointer[start + i] = (ushort)tokens[i];
            }
            else
            {
                _wide!.Pointer[start + i] = tokens[i];
            }
        }
    }

    /// <summary>The largest token id; −1 where there are no rows.</summary>
    public int MaxId()
    {
        int largest = -1;
        for (long i = 0; i < TokenCount; i++)
        {
            largest = Math.Max(largest, _narrow is not null ? _narrow.Pointer[i] : _wide!.Pointer[i]);
        }

        return largest;
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

    /// <summary>Checks every id against a vocabulary.</summary>
    /// <param name="name">What the message calls the rows, e.g. their file.</param>
    /// <param name="vocabulary">d_vocab, above every id; 0 to accept any id that is not negative.</param>
    /// <exception cref="InputException">An id is out of range; the message names the first such row and position.</exception>
    public void CheckIds(string name, int vocabulary)
    {
        uint limit = vocabulary > 0 ? (uint)vocabulary : (uint)int.MaxValue + 1;
        for (long i = 0; i < TokenCount; i++)
        {
            int id = _narrow is not null ? _narrow.Pointer[i] : _wide!.Pointer[i];
            if ((uint)id >= limit)
            {
                throw OutOfRange(name, i, ContextLength, id, vocabulary);
            }
        }
    }

    /// <summary>A random order of so many rows.</summary>
    internal static int[] RandomOrder(int count, long seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new PhiloxStream(PhiloxKey.Derive(seed, RandomPurpose.RowOrder)).Shuffle<int>(order);
        return order;
    }

    private static InputException OutOfRange(string name, long index, long length, long id, int vocabulary)
    {
        string allowed =
            vocabulary > 0 ? $"the model's ids are 0 to {vocabulary - 1}"
            : id < 0 ? "ids start at 0"
            : $"ids end at {int.MaxValue}";
        return new InputException(
            $"{name}: row {index / length}, position {index % length} holds token id {id}, but {allowed}; pack the text with the "
                + "tokenizer that the model was trained with."
        );
    }

    private static TokenRows Checked(TokenRows rows, string path, int vocabulary)
    {
        try
        {
            rows.CheckIds(path, vocabulary);
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Ids of another type than those that Curie writes.</summary>
    private static TokenRows Convert<T>(string path, int vocabulary)
        where T : unmanaged, IBinaryInteger<T>
    {
        using NpyArray<T> source = NpyFile.Read<T>(path);
        (long count, long length) = (source.Shape[0], source.Shape[1]);
        long limit = vocabulary > 0 ? vocabulary : int.MaxValue + 1L;
        long largest = 0;
        for (long i = 0; i < source.Length; i++)
        {
            long id = long.CreateSaturating(source.Data.Pointer[i]);
            largest = Math.Max(largest, id);
            if (id < 0 || id >= limit)
            {
                throw OutOfRange(path, i, length, id, vocabulary);
            }
        }

        TokenRows rows = Allocate((int)count, (int)length, largest < NarrowVocabulary ? NarrowVocabulary : int.MaxValue);
        for (long i = 0; i < source.Length; i++)
        {
            if (rows._narrow is not null)
            {
                rows._narrow.Pointer[i] = ushort.CreateTruncating(source.Data.Pointer[i]);
            }
            else
            {
                rows._wide!.Pointer[i] = int.CreateTruncating(source.Data.Pointer[i]);
            }
        }

        return rows;
    }

    private void CopyTo(int start, TokenRows destination, int destinationStart, int count)
    {
        int[] row = new int[ContextLength];
        for (int i = 0; i < count; i++)
        {
            CopyRow(start + i, row);
            destination.SetRow(destinationStart + i, row);
        }
    }
}
