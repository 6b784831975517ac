using Curie.Networks.Architecture;
using Curie.Networks.Passes;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Statistics;
using Curie.Text.Packing;

namespace Curie.Development.Scores;

/// <summary>
/// How much better a network predicts the end of a frequent n-gram than any token with so short a context (after Hoogland et al., arXiv
/// 2402.02364, with the
/// corpus's own n-grams in place of a list of words): the mean loss of token n of a row over the mean loss of the last token of the most
/// frequent n-grams,
/// each alone after the beginning-of-row token. 1 where the network has no n-grams.
/// </summary>
/// <param name="Length">n.</param>
/// <param name="Text">The mean loss of token n over rows of text, nats.</param>
/// <param name="Frequent">The mean loss of the last token of the frequent n-grams, nats.</param>
public sealed record NgramScore(int Length, MeanEstimate Text, MeanEstimate Frequent)
{
    /// <summary>The longest n-gram.</summary>
    public const int Longest = 4;

    private const int Most = 1000;

    /// <summary>Text/Frequent.</summary>
    public double Ratio => Text.Mean / Frequent.Mean;

    /// <summary>Scores a network for n = 2, 3, 4.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="corpus">Token rows that begin with the beginning-of-row token.</param>
    /// <param name="countedRows">At most so many of its first rows give the n-grams.</param>
    /// <param name="textRows">At most so many of its first rows, at least 2, give the loss of text.</param>
    /// <param name="machine">The arithmetic and the threads.</param>
    /// <returns>The scores; none for a network whose outputs are not its tokens.</returns>
    public static IReadOnlyList<NgramScore> Of(TransformerWeights weights, TokenRows corpus, int countedRows, int textRows, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(machine);
        TransformerConfig config = weights.Parameters.Layout.Config;
        if (config.Logits != config.Vocabulary)
        {
            return [];
        }

        using TransformerEvaluator evaluator = new(config, machine);
        int longest = Math.Min(Longest, corpus.ContextLength - 1);
        int[][] starts = [.. Enumerable.Range(0, Math.Min(textRows, corpus.Count)).Select(row => corpus.Row(row)[..(longest + 1)])];
        return
        [
            .. Enumerable
                .Range(2, Math.Max(0, longest - 1))
                .Select(n => new NgramScore(
                    n,
                    LastLoss(evaluator, weights, [.. starts.Select(row => row[..(n + 1)])]),
                    LastLoss(evaluator, weights, [.. MostFrequentOf(corpus, countedRows, n).Select(gram => (int[])[corpus[0, 0], .. gram])])
                )),
        ];
    }

    /// <summary>The most frequent n-grams, of equally frequent ones those seen first.</summary>
    private static IEnumerable<int[]> MostFrequentOf(TokenRows corpus, int countedRows, int n)
    {
        Dictionary<(int, int, int, int), int> counts = [];
        int[] row = new int[corpus.ContextLength];
        for (int r = 0; r < Math.Min(countedRows, corpus.Count); r++)
        {
            corpus.CopyRow(r, row);
            for (int t = 1; t + n <= row.Length; t++)
            {
                (int, int, int, int) key = (row[t], row[t + 1], n > 2 ? row[t + 2] : -1, n > 3 ? row[t + 3] : -1);
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        return counts
            .OrderByDescending(pair => pair.Value)
            .Take(Most)
            .Select(pair => (int[])[.. new[] { pair.Key.Item1, pair.Key.Item2, pair.Key.Item3, pair.Key.Item4 }.Take(n)]);
    }

    private static MeanEstimate LastLoss(TransformerEvaluator evaluator, TransformerWeights weights, int[][] grams)
    {
        using TokenRows rows = new([.. grams.SelectMany(gram => gram)], grams[0].Length);
        int positions = rows.ContextLength - 1;
        float[] losses = new float[grams.Length * positions];
        evaluator.TokenLosses(weights, rows, [.. Enumerable.Range(0, grams.Length)], losses, []);
        return MeanEstimate.OfIndependent([
            .. Enumerable.Range(0, grams.Length).Select(row => (double)losses[(row * positions) + positions - 1]),
        ]);
    }
}
