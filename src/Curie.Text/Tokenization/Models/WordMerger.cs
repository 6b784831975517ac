namespace Curie.Text.Tokenization.Models;

/// <summary>
/// Merges the tokens of a word by rank, the lowest first and leftmost among equals. Its arrays are its own: use one per thread.
/// </summary>
internal sealed class WordMerger(MergeTable merges)
{
    private const int Unmergeable = int.MaxValue;
    private const int Short = 24;
    private readonly PriorityQueue<int, long> _queue = new();
    private int[] _symbols = [];
    private int[] _next = [];
    private int[] _previous = [];
    private int[] _ranks = [];
    private int[] _results = [];

    /// <summary>The tokens to merge, to be filled by the caller.</summary>
    /// <param name="length">How many.</param>
    public Span<int> Symbols(int length)
    {
        if (_symbols.Length < length)
        {
            int capacity = Math.Max(length, 2 * _symbols.Length);
            _symbols = new int[capacity];
            _next = new int[capacity];
            _previous = new int[capacity];
            _ranks = new int[capacity];
            _results = new int[capacity];
        }

        return _symbols.AsSpan(0, length);
    }

    /// <summary>Merges the first tokens of <see cref="Symbols"/> and appends what remains.</summary>
    public void Merge(int length, List<int> ids)
    {
        if (length <= Short)
        {
            MergeShort(length, ids);
        }
        else
        {
            MergeLong(length, ids);
        }
    }

    /// <summary>Looks at all pairs before every merge, which for few is the fastest.</summary>
    private void MergeShort(int length, List<int> ids)
    {
        for (int i = 0; i < length - 1; i++)
        {
            Note(i, i + 1);
        }

        while (true)
        {
            int best = -1;
            int least = Unmergeable;
            for (int i = 0; i < length - 1; i++)
            {
                if (_ranks[i] < least)
                {
                    (best, least) = (i, _ranks[i]);
                }
            }

            if (best < 0)
            {
                break;
            }

            _symbols[best] = _results[best];
            length--;
            for (int i = best + 1; i < length; i++)
            {
                _symbols[i] = _symbols[i + 1];
                _ranks[i] = _ranks[i + 1];
                _results[i] = _results[i + 1];
            }

            if (best < length - 1)
            {
                Note(best, best + 1);
            }

            if (best > 0)
            {
                Note(best - 1, best);
            }
        }

        for (int i = 0; i < length; i++)
        {
            ids.Add(_symbols[i]);
        }
    }

    private void Note(int left, int right) =>
        _ranks[left] = merges.TryRank(_symbols[left], _symbols[right], out int rank, out _results[left]) ? rank : Unmergeable;

    /// <summary>Takes O(n log n) for n tokens.</summary>
    private void MergeLong(int length, List<int> ids)
    {
        for (int i = 0; i < length; i++)
        {
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
            ids.Add(_symbols[i]);
        }
    }

    /// <summary>
    /// Notes the merge of the symbol at <paramref name="at"/> with the next; an entry of the queue whose rank is no longer noted is stale.
    /// </summary>
    private void Queue(int at, int length)
    {
        _ranks[at] = -1;
        if (_next[at] < length && merges.TryRank(_symbols[at], _symbols[_next[at]], out int rank, out int result))
        {
            _ranks[at] = rank;
            _results[at] = result;
            _queue.Enqueue(at, ((long)rank << 32) | (uint)at);
        }
    }
}
