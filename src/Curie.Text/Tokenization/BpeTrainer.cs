using Curie.Numerics;

namespace Curie.Text.Tokenization;

/// <summary>
/// Learns byte-pair merges (Sennrich, Haddow and Birch 2016): again and again the most frequent pair of neighbouring tokens inside a
/// piece becomes a token. Ties go to the pair whose left id, then right id, is smallest, so the result depends on the counts alone.
/// Pair counts are kept up to date merge by merge through an index from pairs to the pieces they occur in.
/// Ids: bytes 0–255 in the order of <see cref="ByteAlphabet"/>, merges in the order learned, then <c>&lt;|eos|&gt;</c> and
/// <c>&lt;|bos|&gt;</c>.
/// </summary>
public sealed class BpeTrainer
{
    private readonly List<int[]> _words = [];
    private readonly List<int> _lengths = [];
    private readonly List<long> _frequencies = [];
    private readonly Dictionary<ulong, PairUse> _pairs = [];
    private readonly PriorityQueue<ulong, (long NegativeCount, ulong Pair)> _queue = new();
    private readonly HashSet<ulong> _grown = [];

    private BpeTrainer(WordCounts counts)
    {
        foreach ((byte[] word, long count) in counts.Sorted())
        {
            if (word.Length > 1)
            {
                _words.Add(Array.ConvertAll(word, ByteAlphabet.Id));
                _lengths.Add(word.Length);
                _frequencies.Add(count);
            }
        }
    }

    /// <summary>Learns a vocabulary from documents.</summary>
    /// <exception cref="InputException">The options are not valid, or the documents hold no text.</exception>
    public static BpeTokenizer Train(IEnumerable<Document> documents, BpeTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(documents);
        WordCounts counts = new();
        foreach (Document document in documents)
        {
            counts.Add(document.Text);
        }

        return Train(counts, options);
    }

    /// <summary>Learns a vocabulary from counted pieces.</summary>
    /// <exception cref="InputException">The options are not valid, or nothing was counted.</exception>
    public static BpeTokenizer Train(WordCounts counts, BpeTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (counts.Count == 0)
        {
            throw new InputException("there is no text to train a tokenizer on; give a corpus that is not empty.");
        }

        List<Merge> merges = new BpeTrainer(counts).Learn(options.VocabularySize - ByteAlphabet.Size - 2, options.MinimumFrequency);
        List<byte[]?> tokens = [];
        for (int id = 0; id < ByteAlphabet.Size; id++)
        {
            tokens.Add([ByteAlphabet.Byte(id)]);
        }

        foreach (Merge merge in merges)
        {
            tokens.Add([.. tokens[merge.Left]!, .. tokens[merge.Right]!]);
        }

        return new BpeTokenizer(tokens, merges, [new(tokens.Count, BpeTrainerOptions.Eos), new(tokens.Count + 1, BpeTrainerOptions.Bos)]);
    }

    private List<Merge> Learn(int wanted, int minimumFrequency)
    {
        for (int word = 0; word < _words.Count; word++)
        {
            for (int i = 0; i + 1 < _lengths[word]; i++)
            {
                Change(_words[word][i], _words[word][i + 1], _frequencies[word], word);
            }
        }

        QueueGrown();
        List<Merge> merges = [];
        while (merges.Count < wanted && _queue.TryDequeue(out ulong pair, out (long NegativeCount, ulong Pair) priority))
        {
            PairUse use = _pairs[pair];
            if (use.Count != -priority.NegativeCount)
            {
                // Counts of queued pairs only fall: put the pair back where it belongs now.
                _queue.Enqueue(pair, (-use.Count, pair));
                continue;
            }

            if (use.Count < minimumFrequency)
            {
                break;
            }

            Merge merge = new((int)(pair >> 32), (int)pair, ByteAlphabet.Size + merges.Count);
            merges.Add(merge);
            foreach (int word in use.Words)
            {
                Apply(merge, word);
            }

            _pairs.Remove(pair);
            _grown.Remove(pair);
            QueueGrown();
        }

        return merges;
    }

    private void Apply(Merge merge, int word)
    {
        int[] symbols = _words[word];
        int length = _lengths[word];
        long frequency = _frequencies[word];
        int write = 0;
        for (int read = 0; read < length; read++)
        {
            if (read + 1 < length && symbols[read] == merge.Left && symbols[read + 1] == merge.Right)
            {
                if (write > 0)
                {
                    Change(symbols[write - 1], merge.Left, -frequency, word);
                    Change(symbols[write - 1], merge.Result, frequency, word);
                }

                if (read + 2 < length)
                {
                    Change(merge.Right, symbols[read + 2], -frequency, word);
                    Change(merge.Result, symbols[read + 2], frequency, word);
                }

                symbols[write++] = merge.Result;
                read++;
            }
            else
            {
                symbols[write++] = symbols[read];
            }
        }

        _lengths[word] = write;
    }

    private void Change(int left, int right, long change, int word)
    {
        ulong pair = Merge.Pair(left, right);
        if (!_pairs.TryGetValue(pair, out PairUse? use))
        {
            use = new PairUse();
            _pairs.Add(pair, use);
        }

        use.Count += change;
        if (change > 0)
        {
            _grown.Add(pair);
            if (use.Words.Count == 0 || use.Words[^1] != word)
            {
                use.Words.Add(word);
            }
        }
    }

    private void QueueGrown()
    {
        foreach (ulong pair in _grown)
        {
            _queue.Enqueue(pair, (-_pairs[pair].Count, pair));
        }

        _grown.Clear();
    }

    private sealed class PairUse
    {
        public long Count { get; set; }

        public List<int> Words { get; } = [];
    }
}
