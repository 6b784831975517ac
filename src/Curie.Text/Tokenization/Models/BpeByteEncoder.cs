using System.Text;

namespace Curie.Text.Tokenization.Models;

/// <summary>Byte-pair encoding of the bytes of words.</summary>
internal sealed class BpeByteEncoder : IWordEncoder
{
    private readonly BpeModel _model;
    private readonly WordMerger _merger;
    private readonly WordCache _cache = new();
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>>? _whole;
    private byte[] _utf8 = [];

    public BpeByteEncoder(BpeModel model)
    {
        _model = model;
        _merger = new WordMerger(model.Merges);
        _whole = model.Options.IgnoreMerges ? model.Vocabulary.GetAlternateLookup<ReadOnlySpan<char>>() : null;
    }

    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        if (_cache.TryAppend(word, ids))
        {
            return;
        }

        int from = ids.Count;
        int most = Encoding.UTF8.GetMaxByteCount(word.Length);
        if (_utf8.Length < most)
        {
            _utf8 = new byte[Math.Max(most, 2 * _utf8.Length)];
        }

        EncodeBytes(_utf8.AsSpan(0, Encoding.UTF8.GetBytes(word, _utf8)), ids);
        _cache.Remember(word, ids, from);
    }

    private void EncodeBytes(ReadOnlySpan<byte> word, List<int> ids)
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
