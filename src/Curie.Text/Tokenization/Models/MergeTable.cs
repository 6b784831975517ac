using System.Numerics;

namespace Curie.Text.Tokenization.Models;

/// <summary>
/// Which pairs of tokens merge, in which order, into what. A table with open addressing: encoding new words is little but looking here.
/// </summary>
internal sealed class MergeTable
{
    private const ulong Empty = ulong.MaxValue;

    /// <summary>2⁶⁴ over the golden ratio, which spreads pairs of small numbers over the upper bits.</summary>
    private const ulong Spread = 0x9E3779B97F4A7C15;

    private readonly Entry[] _entries;
    private readonly int _shift;

    /// <summary>
    /// Merges whose place in the list is their rank; of two of the same pair the later counts, as in Hugging Face's library.
    /// </summary>
    public MergeTable(IReadOnlyList<Merge> merges)
        : this([.. merges.Select((merge, rank) => (merge, rank))]) { }

    /// <summary>Merges with ranks of their own; among equal ranks the leftmost pair of a word merges first.</summary>
    public MergeTable(IReadOnlyCollection<(Merge Merge, int Rank)> merges)
    {
        int bits = BitOperations.Log2((uint)Math.Max(4, merges.Count)) + 2;
        _shift = 64 - bits;
        _entries = new Entry[1 << bits];
        Array.Fill(_entries, new Entry(Empty, 0, 0));
        foreach ((Merge merge, int rank) in merges)
        {
            ulong pair = Merge.Pair(merge.Left, merge.Right);
            int at = Find(pair);
            Count += _entries[at].Pair == Empty ? 1 : 0;
            _entries[at] = new Entry(pair, rank, merge.Result);
        }
    }

    /// <summary>How many pairs merge.</summary>
    public int Count { get; }

    /// <summary>The rank and the result of a pair that merges.</summary>
    public bool TryRank(int left, int right, out int rank, out int result)
    {
        ref readonly Entry entry = ref _entries[Find(Merge.Pair(left, right))];
        (rank, result) = (entry.Rank, entry.Result);
        return entry.Pair != Empty;
    }

    /// <summary>The place of a pair, or the free place where it would be.</summary>
    private int Find(ulong pair)
    {
        int at = (int)((pair * Spread) >> _shift);
        while (_entries[at].Pair != pair && _entries[at].Pair != Empty)
        {
            at = (at + 1) & (_entries.Length - 1);
        }

        return at;
    }

    private readonly record struct Entry(ulong Pair, int Rank, int Result);
}
