using Curie.Networks.Architecture;
using Curie.Networks.Passes;
using Curie.Networks.Regression;

namespace Curie.Development.Regression;

/// <summary>
/// How the heads of a regression transformer attend, averaged over sequences and over query tokens i (from 0, without the last, a target
/// that no prediction
/// follows). With α_ij the share of key j ≤ i and ᾱ its mean over sequences:
/// <code>
/// entropy      −Σ_j α_ij log2 α_ij / log2(i + 1), from i = 1 on     variability  Σ_j |α_ij − ᾱ_ij| / (2 Σ_j ᾱ_ij)
/// self         α_ii                                                 previous     α_{i,i−1}, from i = 1 on
/// inputs       Σ_{j even} α_ij, the share of the inputs' tokens     position     Σ_j j·α_ij/(i + 1), the mean place attended to
/// distance     Σ_j (i − j)·α_ij, in tokens
/// </code>
/// </summary>
public static class RegressionAttention
{
    /// <summary>The scores of every head.</summary>
    public static IReadOnlyList<RegressionScore> Scores(TransformerEvaluator evaluator, TransformerWeights weights, RegressionBatch batch)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(batch);
        TransformerConfig shape = weights.Parameters.Layout.Config;
        int tokens = shape.ContextLength;
        float[] probabilities = new float[batch.Count * shape.Heads * tokens * tokens];
        List<RegressionScore> scores = [];
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            RegressionOutputs.Attention(evaluator, weights, batch, layer, probabilities);
            for (int head = 0; head < shape.Heads; head++)
            {
                int place = head;
                float Share(int sequence, int query, int key) =>
                    probabilities[(((((sequence * shape.Heads) + place) * tokens) + query) * tokens) + key];
                scores.AddRange(OfHead($"l{layer}h{head}", Share, batch.Count, tokens - 1));
            }
        }

        return scores;
    }

    /// <summary>The scores of one head.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="share">α of a sequence, query and key.</param>
    /// <param name="sequences">The number of sequences.</param>
    /// <param name="queries">The number of queries, i = 0 … queries − 1.</param>
    internal static IEnumerable<RegressionScore> OfHead(string name, Func<int, int, int, float> share, int sequences, int queries)
    {
        double entropy = 0;
        double variability = 0;
        double self = 0;
        double previous = 0;
        double inputs = 0;
        double position = 0;
        double distance = 0;
        for (int i = 0; i < queries; i++)
        {
            double spread = 0;
            double total = 0;
            for (int j = 0; j <= i; j++)
            {
                double mean = 0;
                double ownEntropy = 0;
                for (int s = 0; s < sequences; s++)
                {
                    double alpha = share(s, i, j);
                    mean += alpha / sequences;
                    ownEntropy -= alpha > 0 ? alpha * Math.Log2(alpha) / sequences : 0;
                }

                for (int s = 0; s < sequences; s++)
                {
                    spread += Math.Abs(share(s, i, j) - mean) / sequences;
                }

                total += mean;
                entropy += i > 0 ? ownEntropy / Math.Log2(i + 1) : 0;
                self += j == i ? mean : 0;
                previous += j == i - 1 ? mean : 0;
                inputs += j % 2 == 0 ? mean : 0;
                position += j * mean / (i + 1);
                distance += (i - j) * mean;
            }

            variability += spread / (2 * total);
        }

        double pairs = queries > 1 ? queries - 1 : double.NaN;
        return
        [
            new($"{name}_entropy", entropy / pairs),
            new($"{name}_variability", variability / queries),
            new($"{name}_self", self / queries),
            new($"{name}_previous", previous / pairs),
            new($"{name}_inputs", inputs / queries),
            new($"{name}_position", position / queries),
            new($"{name}_distance", distance / queries),
        ];
    }
}
