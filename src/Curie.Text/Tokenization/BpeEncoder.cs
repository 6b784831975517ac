using System.Text;
using Curie.Text.Tokenization.Models;

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
    private readonly WordMerger _merger;
    private readonly List<int> _word = [];
    private byte[] _utf8 = [];

    /// <summary>Creates an encoder with an empty memory.</summary>
    public BpeEncoder(BpeTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _tokenizer = tokenizer;
        _merger = new WordMerger(tokenizer.MergeTable);
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

    private void MergeAll(ReadOnlySpan<byte> word)
    {
        Span<int> symbols = _merger.Symbols(word.Length);
        for (int i = 0; i < word.Length; i++)
        {
            symbols[i] = _tokenizer.ByteId(word[i]);
        }

        _merger.Merge(word.Length, _word);
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[Math.Max(length, 2 * array.Length)];
        }
    }
}
