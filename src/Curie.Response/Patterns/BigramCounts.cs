using Curie.Text.Packing;

namespace Curie.Response.Patterns;

/// <summary>
/// How often some tokens follow others in a corpus: for every wanted pair (u, v) its count, and for every first token u how often it has a
/// follower. Only what
/// is wanted is counted, so the memory does not grow with the corpus.
/// </summary>
public sealed class BigramCounts
{
    /// <summary>Of a larger corpus the first so many pairs of neighbours are enough.</summary>
    public const long MostPairs = 20_000_000;

    private readonly Dictionary<long, long> _pairs = [];
    private readonly Dictionary<int, long> _firsts = [];

    private BigramCounts() { }

    /// <summary>The pairs of neighbours that were looked at.</summary>
    public long Pairs { get; private set; }

    /// <summary>Counts some pairs.</summary>
    /// <param name="corpus">Token rows; pairs do not span rows.</param>
    /// <param name="wanted">The pairs (u, v).</param>
    /// <param name="maxPairs">Reading stops at the end of the row in which so many pairs were seen.</param>
    public static BigramCounts Of(TokenRows corpus, IEnumerable<(int First, int Second)> wanted, long maxPairs = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(wanted);
        BigramCounts counts = new();
        foreach ((int first, int second) in wanted)
        {
            counts._pairs[Key(first, second)] = 0;
            counts._firsts[first] = 0;
        }

        int[] row = new int[corpus.ContextLength];
        for (int r = 0; r < corpus.Count && counts.Pairs < maxPairs; r++)
        {
            corpus.CopyRow(r, row);
            counts.Add(row);
        }

        return counts;
    }

    /// <summary>q(v | u) = count(u, v)/count(u, anything); 0 where u never has a follower.</summary>
    /// <exception cref="KeyNotFoundException">The pair was not wanted.</exception>
    public double Share(int first, int second)
    {
        long together = _pairs[Key(first, second)];
        return together == 0 ? 0 : (double)together / _firsts[first];
    }

    private static long Key(int first, int second) => ((long)first << 32) | (uint)second;

    private void Add(int[] row)
    {
        for (int i = 0; i + 1 < row.Length; i++)
        {
            if (!_firsts.TryGetValue(row[i], out long count))
            {
                continue;
            }

            _firsts[row[i]] = count + 1;
            long key = Key(row[i], row[i + 1]);
            if (_pairs.TryGetValue(key, out long pairs))
            {
                _pairs[key] = pairs + 1;
            }
        }

        Pairs += row.Length - 1;
    }
}
