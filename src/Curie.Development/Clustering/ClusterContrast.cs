using Curie.Numerics.Random;

namespace Curie.Development.Clustering;

/// <summary>
/// How a score of heads differs between clusters of their curves. With x_h the score, m its mean, m_c the mean of cluster c of n_c heads:
/// <code>
/// η² = Σ_c n_c (m_c − m)² / Σ_h (x_h − m)²        p = (1 + permutations with η² as large)/(1 + permutations)
/// </code>
/// A permutation gives the clusters to other heads and keeps their sizes, so that p needs no law of the scores. It takes heads as
/// exchangeable: heads of
/// different layers may differ in both for reasons of their own.
/// </summary>
/// <param name="Score">The score's name.</param>
/// <param name="Means">m_c.</param>
/// <param name="Share">η², the share of the score's variance over heads that lies between clusters.</param>
/// <param name="PValue">p.</param>
public sealed record ClusterContrast(string Score, IReadOnlyList<double> Means, double Share, double PValue)
{
    private const int Permutations = 9999;

    // Permutations that give the same clusters again differ from them by rounding alone.
    private const double Rounding = 1e-12;

    /// <summary>Compares the clusters; null where there is one cluster, or all heads have the same score.</summary>
    /// <param name="score">The score's name.</param>
    /// <param name="values">The score by head.</param>
    /// <param name="labels">The cluster by head, from 0 without gaps.</param>
    /// <param name="seed">The seed of the permutations.</param>
    public static ClusterContrast? Of(string score, IReadOnlyList<double> values, IReadOnlyList<int> labels, long seed)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(labels);
        double mean = values.Average();
        double total = values.Sum(value => (value - mean) * (value - mean));
        int clusters = labels.Max() + 1;
        if (clusters == 1 || !(total > 0))
        {
            return null;
        }

        double[] shuffled = [.. values];
        double[] means = MeansOf(shuffled, labels, clusters);
        double share = Between(shuffled, labels, clusters, mean) / total;
        PhiloxStream random = new(PhiloxKey.Derive(seed, RandomPurpose.Bootstrap, score));
        int asLarge = 0;
        for (int i = 0; i < Permutations; i++)
        {
            random.Shuffle<double>(shuffled);
            asLarge += Between(shuffled, labels, clusters, mean) / total >= share - Rounding ? 1 : 0;
        }

        return new ClusterContrast(score, means, share, (1.0 + asLarge) / (1 + Permutations));
    }

    private static double[] MeansOf(double[] values, IReadOnlyList<int> labels, int clusters) =>
        [.. Enumerable.Range(0, clusters).Select(cluster => values.Where((_, i) => labels[i] == cluster).Average())];

    private static double Between(double[] values, IReadOnlyList<int> labels, int clusters, double mean)
    {
        Span<double> sums = stackalloc double[clusters];
        Span<int> counts = stackalloc int[clusters];
        for (int i = 0; i < values.Length; i++)
        {
            sums[labels[i]] += values[i] - mean;
            counts[labels[i]]++;
        }

        double between = 0;
        for (int c = 0; c < clusters; c++)
        {
            between += sums[c] * sums[c] / counts[c];
        }

        return between;
    }
}
