using System.Text;

namespace Curie.Text.Tokenization;

/// <summary>
/// How often every piece that the <see cref="PreTokenizer"/> cuts occurs in a corpus: all that training needs to know of it.
/// </summary>
public sealed class WordCounts
{
    private readonly Dictionary<byte[], long> _counts = new(ByteStringComparer.Instance);
    private readonly Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    /// <summary>Creates empty counts.</summary>
    public WordCounts() => _lookup = _counts.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The number of bytes counted.</summary>
    public long Bytes { get; private set; }

    /// <summary>The number of different pieces.</summary>
    public int Count => _counts.Count;

    /// <summary>Counts a text's pieces.</summary>
    public void Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    /// <summary>Counts the pieces of bytes, which need not be UTF-8.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        while (!bytes.IsEmpty)
        {
            int length = PreTokenizer.NextLength(bytes);
            ReadOnlySpan<byte> word = bytes[..length];
            _lookup.TryGetValue(word, out long count);
            _lookup[word] = count + 1;
            bytes = bytes[length..];
        }
    }

    /// <summary>The pieces in the order of their bytes, which no order of documents changes.</summary>
    internal KeyValuePair<byte[], long>[] Sorted()
    {
        KeyValuePair<byte[], long>[] words = [.. _counts];
        Array.Sort(words, (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        return words;
    }
}
