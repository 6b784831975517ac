using Curie.Networks.Architecture;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Random;
using Curie.Numerics.Statistics;
using Curie.Text.Packing;

namespace Curie.Development.Scores;

/// <summary>
/// How close a network's predictions are to the corpus's bigrams (Hoogland et al., arXiv 2402.02364): the mean over rows of the
/// cross-entropy
/// −Σ_v P̂(v | u)·log softmax(logits)_v at one random position of each, u the token there and P̂ the corpus's share of v among what follows
/// u.
/// </summary>
/// <param name="CrossEntropy">The score, nats, with its standard error over rows.</param>
/// <param name="Floor">The mean entropy of P̂(· | u) at the same positions: what a network of bigrams alone scores.</param>
public sealed record BigramScore(MeanEstimate CrossEntropy, MeanEstimate Floor)
{
    /// <summary>Scores a network.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="corpus">The rows whose bigrams are counted.</param>
    /// <param name="maxRows">At most so many of its first rows are counted.</param>
    /// <param name="text">The rows on which the network predicts.</param>
    /// <param name="samples">How many of its rows, at least 2; fewer where there are fewer.</param>
    /// <param name="seed">The seed of the positions.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <returns>The score; null for a network whose outputs are not its tokens.</returns>
    public static BigramScore? Of(
        TransformerWeights weights,
        TokenRows corpus,
        int maxRows,
        TokenRows text,
        int samples,
        long seed,
        Kernels kernels
    )
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        TransformerConfig config = weights.Parameters.Layout.Config;
        if (config.Logits != config.Vocabulary)
        {
            return null;
        }

        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.Scores, "bigrams"));

        // Position 0 is the beginning of the row, which is no word.
        int[] positions = [.. Enumerable.Range(0, Math.Min(samples, text.Count)).Select(_ => 1 + random.NextInt32(text.ContextLength - 2))];
        Dictionary<int, Dictionary<int, long>> followers = [];
        for (int i = 0; i < positions.Length; i++)
        {
            followers.TryAdd(text[i, positions[i]], []);
        }

        Count(corpus, Math.Min(maxRows, corpus.Count), followers);
        List<double> scores = [];
        List<double> floors = [];
        Readout readout = new(weights.Parameters);
        using RowPass pass = new(config, kernels);
        for (int i = 0; i < positions.Length; i++)
        {
            Dictionary<int, long> counts = followers[text[i, positions[i]]];
            if (counts.Count == 0)
            {
                continue;
            }

            text.CopyRow(i, pass.BeginRow(text.ContextLength));
            pass.Forward(weights);
            double[] logProbabilities = readout.LogProbabilities(pass.Residual(config.Layers).Row(positions[i]));
            double total = counts.Values.Sum();
            scores.Add(-counts.Sum(pair => pair.Value / total * logProbabilities[pair.Key]));
            floors.Add(-counts.Sum(pair => pair.Value / total * Math.Log(pair.Value / total)));
        }

        return scores.Count == 0
            ? new BigramScore(new MeanEstimate(double.NaN, double.NaN, 0), new MeanEstimate(double.NaN, double.NaN, 0))
            : new BigramScore(MeanEstimate.OfIndependent([.. scores]), MeanEstimate.OfIndependent([.. floors]));
    }

    private static void Count(TokenRows corpus, int rows, Dictionary<int, Dictionary<int, long>> followers)
    {
        int[] row = new int[corpus.ContextLength];
        for (int r = 0; r < rows; r++)
        {
            corpus.CopyRow(r, row);
            for (int t = 0; t + 1 < row.Length; t++)
            {
                if (followers.TryGetValue(row[t], out Dictionary<int, long>? counts))
                {
                    counts[row[t + 1]] = counts.GetValueOrDefault(row[t + 1]) + 1;
                }
            }
        }
    }
}
