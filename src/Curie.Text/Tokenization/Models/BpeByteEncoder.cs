using System.Text;

namespace Curie.Text.Tokenization.Models;

/// <summary>Byte-pair encoding of the bytes of words; of a text, it cuts out GPT-2's words itself.</summary>
internal sealed class BpeByteEncoder : IWordEncoder
{
    private const int CachedWords = 1 << 17;
    private const int LongestCachedWord = 64;
    private readonly BpeModel _model;
    private readonly bool _cuts;
    private readonly WordMerger _merger;
    private readonly Dictionary<byte[], int[]> _cache = new(ByteStringComparer.Instance);
    private readonly Dictionary<byte[], int[]>.AlternateLookup<ReadOnlySpan<byte>> _cached;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>>? _whole;
    private byte[] _utf8 = [];

    /// <summary>Creates an encoder with an empty memory.</summary>
    /// <param name="model">The vocabulary, which has all bytes.</param>
    /// <param name="cuts">Whether what it is given is cut into GPT-2's words first.</param>
    public BpeByteEncoder(BpeModel model, bool cuts)
    {
        _model = model;
        _cuts = cuts;
        _merger = new WordMerger(model.Merges);
        _cached = _cache.GetAlternateLookup<ReadOnlySpan<byte>>();
        _whole = model.Options.IgnoreMerges ? model.Vocabulary.GetAlternateLookup<ReadOnlySpan<char>>() : null;
    }

    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        int most = Encoding.UTF8.GetMaxByteCount(word.Length);
        if (_utf8.Length < most)
        {
            _utf8 = new byte[Math.Max(most, 2 * _utf8.Length)];
        }

        ReadOnlySpan<byte> bytes = _utf8.AsSpan(0, Encoding.UTF8.GetBytes(word, _utf8));
        if (!_cuts)
        {
            EncodeWord(bytes, ids);
            return;
        }

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
            ids.Add(_model.ByteId(word[0]));
        }
        else if (_cached.TryGetValue(word, out int[]? known))
        {
            ids.AddRange(known);
        }
        else
        {
            int from = ids.Count;
            EncodeNew(word, ids);
            if (word.Length <= LongestCachedWord && _cache.Count < CachedWords)
            {
                _cached[word] = [.. ids[from..]];
            }
        }
    }

    private void EncodeNew(ReadOnlySpan<byte> word, List<int> ids)
    {
        if (_whole is { } whole && whole.TryGetValue(ByteAlphabet.ToText(word), out int id))
        {
            ids.Add(id);
            return;
        }

        Span<int> symbols = _merger.Symbols(word.Length);
        for (int i = 0; i < word.Length; i++)
        {
            symbols[i] = _model.ByteId(word[i]);
        }

        _merger.Merge(word.Length, ids);
    }
}
