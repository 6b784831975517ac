using System.Text;

namespace Curie.Text.Tokenization;

/// <summary>
/// Encodes many texts with one tokenizer, remembering the tokens of words it has seen. Its memory is its own: use one per thread.
/// </summary>
public sealed class BpeEncoder : TextEncoder
{
    private const int CachedWords = 1 << 17;
    private const int LongestCachedWord = 64;
    private readonly BpeTokenizer _tokenizer;
    private readonly Dictionary<byte[], int[]> _cache = new(ByteStringComparer.Instance);
    private readonly Dictionary<byte[], int[]>.AlternateLookup<ReadOnlySpan<byte>> _cached;
    private readonly PriorityQueue<int, long> _queue = new();
    private readonly List<int> _word = [];
    private byte[] _utf8 = [];
    private int[] _symbols = [];
    private int[] _next = [];
    private int[] _previous = [];
    private int[] _ranks = [];
    private int[] _results = [];

    /// <summary>Creates an encoder with an empty memory.</summary>
    public BpeEncoder(BpeTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _tokenizer = tokenizer;
        _cached = _cache.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <inheritdoc/>
    public override void Encode(string text, List<int> ids)
    {
        ArgumentNullException.ThrowIfNull(text);
        Grow(ref _utf8, Encoding.UTF8.GetMaxByteCount(text.Length));
        Encode(_utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, _utf8)), ids);
    }

    /// <summary>Appends the token ids of bytes, which need not be UTF-8.</summary>
    public void Encode(ReadOnlySpan<byte> bytes, List<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        while (!bytes.IsEmpty)
        {
            int length = PreTokenizer.NextLength(bytes);
            EncodeWord(bytes[..length], ids);
            bytes = bytes[length..];
        }
    }

    private void EncodeWord(ReadOnlySpan<byte> word, List<int> ids)
    {
        if (word.Length == 1)
        {
            ids.Add(_tokenizer.ByteId(word[0]));
        }
        else if (_cached.TryGetValue(word, out int[]? known))
        {
            ids.AddRange(known);
        }
        else
        {
            _word.Clear();
            MergeAll(word);
            ids.AddRange(_word);
            if (word.Length <= LongestCachedWord && _cache.Count < CachedWords)
            {
                _cached[word] = [.. _word];
            }
        }
    }

    /// <summary>Merges by rank, the lowest first and leftmost among equals, in O(n log n) for a word of n bytes.</summary>
    private void MergeAll(ReadOnlySpan<byte> word)
    {
        int length = word.Length;
        Grow(ref _symbols, length);
        Grow(ref _next, length);
        Grow(ref _previous, length);
        Grow(ref _ranks, length);
        Grow(ref _results, length);
        for (int i = 0; i < length; i++)
        {
            _symbols[i] = _tokenizer.ByteId(word[i]);
            _next[i] = i + 1;
            _previous[i] = i - 1;
        }

        for (int i = 0; i < length; i++)
        {
            Queue(i, length);
        }

        while (_queue.TryDequeue(out int at, out long priority))
        {
            if (_ranks[at] != priority >> 32)
            {
                continue;
            }

            int absorbed = _next[at];
            _symbols[at] = _results[at];
            _ranks[absorbed] = -1;
            _next[at] = _next[absorbed];
            if (_next[at] < length)
            {
                _previous[_next[at]] = at;
            }

            Queue(at, length);
            if (_previous[at] >= 0)
            {
                Queue(_previous[at], length);
            }
        }

        for (int i = 0; i < length; i = _next[i])
        {
            _word.Add(_symbols[i]);
        }
    }

    /// <summary>
    /// Notes the merge of the symbol at <paramref name="at"/> with the next; an entry of the queue whose rank is no longer noted is stale.
    /// </summary>
    private void Queue(int at, int length)
    {
        _ranks[at] = -1;
        if (_next[at] < length && _tokenizer.TryRank(_symbols[at], _symbols[_next[at]], out int rank, out int result))
        {
            _ranks[at] = rank;
            _results[at] = result;
            _queue.Enqueue(at, ((long)rank << 32) | (uint)at);
        }
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[Math.Max(length, 2 * array.Length)];
        }
    }
}
