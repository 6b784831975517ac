using System.Buffers;

namespace Curie.Text.Tokenization.Pipeline;

/// <summary>
/// Finds which of some strings occurs first in a text, and among those that begin at the same place the longest; of equal strings the first
/// given. A vectorised search for the place, and a trie over UTF-16 units there.
/// </summary>
internal sealed class LongestMatcher
{
    private readonly Dictionary<(int Node, char Unit), int> _children = [];
    private readonly List<int> _ends = [-1];
    private readonly SearchValues<string> _any;

    public LongestMatcher(IReadOnlyList<string> strings)
    {
        for (int i = 0; i < strings.Count; i++)
        {
            int node = 0;
            foreach (char unit in strings[i])
            {
                if (!_children.TryGetValue((node, unit), out int next))
                {
                    next = _ends.Count;
                    _ends.Add(-1);
                    _children.Add((node, unit), next);
                }

                node = next;
            }

            if (_ends[node] < 0)
            {
                _ends[node] = i;
            }
        }

        _any = SearchValues.Create([.. strings.Where(text => text.Length > 0).Distinct()], StringComparison.Ordinal);
    }

    /// <summary>The first match at or after a place.</summary>
    /// <param name="text">Where to look.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="start">Where the match begins.</param>
    /// <param name="index">Which string it is.</param>
    public bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int index)
    {
        int skipped = text[from..].IndexOfAny(_any);
        start = from + skipped;
        index = skipped < 0 ? -1 : LongestAt(text[start..]);
        return index >= 0;
    }

    private int LongestAt(ReadOnlySpan<char> text)
    {
        int node = 0;
        int longest = -1;
        foreach (char unit in text)
        {
            if (!_children.TryGetValue((node, unit), out node))
            {
                break;
            }

            if (_ends[node] >= 0)
            {
                longest = _ends[node];
            }
        }

        return longest;
    }
}
