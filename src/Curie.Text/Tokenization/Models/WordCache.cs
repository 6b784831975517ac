namespace Curie.Text.Tokenization.Models;

/// <summary>Remembers the tokens of short words; how many is bounded.</summary>
internal sealed class WordCache
{
    private const int CachedWords = 1 << 17;
    private const int LongestCachedWord = 64;
    private readonly Dictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _known;

    public WordCache() => _known = _words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Appends the tokens of a word that is remembered.</summary>
    public bool TryAppend(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.Length > LongestCachedWord || !_known.TryGetValue(word, out int[]? known))
        {
            return false;
        }

        ids.AddRange(known);
        return true;
    }

    /// <summary>Remembers the tokens of a word: those of a list from some place on.</summary>
    public void Remember(ReadOnlySpan<char> word, List<int> ids, int from)
    {
        if (word.Length <= LongestCachedWord && _words.Count < CachedWords)
        {
            _known[word] = [.. ids[from..]];
        }
    }
}
