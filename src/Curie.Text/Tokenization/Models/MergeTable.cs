namespace Curie.Text.Tokenization.Models;

/// <summary>Which pairs of tokens merge, in which order, into what.</summary>
internal sealed class MergeTable
{
    private readonly Dictionary<ulong, (int Rank, int Result)> _ranks;

    /// <summary>
    /// Merges whose place in the list is their rank; of two of the same pair the later counts, as in Hugging Face's library.
    /// </summary>
    public MergeTable(IReadOnlyList<Merge> merges)
    {
        _ranks = new Dictionary<ulong, (int, int)>(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            _ranks[Merge.Pair(merges[rank].Left, merges[rank].Right)] = (rank, merges[rank].Result);
        }
    }

    /// <summary>Merges with ranks of their own; among equal ranks the leftmost pair of a word merges first.</summary>
    public MergeTable(IEnumerable<(Merge Merge, int Rank)> merges)
    {
        _ranks = [];
        foreach ((Merge merge, int rank) in merges)
        {
            _ranks[Merge.Pair(merge.Left, merge.Right)] = (rank, merge.Result);
        }
    }

    /// <summary>How many pairs merge.</summary>
    public int Count => _ranks.Count;

    /// <summary>The rank and the result of a pair that merges.</summary>
    public bool TryRank(int left, int right, out int rank, out int result)
    {
        bool merges = _ranks.TryGetValue(Merge.Pair(left, right), out (int Rank, int Result) found);
        (rank, result) = found;
        return merges;
    }
}
