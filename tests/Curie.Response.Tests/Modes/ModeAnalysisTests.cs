using Curie.Numerics;
using Curie.Numerics.Parallelism;
using Curie.Response.Modes;

namespace Curie.Response.Tests.Modes;

public class ModeAnalysisTests
{
    private static readonly string[] Names = ["l0h0", "l0h1", "l0h2", "l0h3", "l1h0"];

    [Fact]
    public void The_textbook_two_by_two_covariance_has_its_textbook_eigenvectors()
    {
        // Rows with XᵀX ∝ [[2, 1], [1, 2]]: eigenvalues 3 and 1, vectors (1, 1)/√2 and (1, −1)/√2. Inputs are float32: 1e-7.
        float[] u = [1, -1, 1, -1];
        float[] v = [1, 1, -1, -1];
        float[] x = [.. u.Select(value => (float)(Math.Sqrt(2) * value) + 5)];
        float[] y = [.. u.Zip(v, (a, b) => (float)((a / Math.Sqrt(2)) + (Math.Sqrt(1.5) * b)) - 7)];
        ModeAnalysis modes = ModeAnalysis.Compute(["a", "b"], [x, y]);
        Assert.Equal(0.75, modes.ExplainedVariance[0], 1e-6);
        Assert.Equal(0.25, modes.ExplainedVariance[1], 1e-6);
        Assert.Equal(4, modes.TotalVariance, 1e-5);
        double half = Math.Sqrt(0.5);
        AssertEqual([half, half], modes.Loadings(0), 1e-6);
        AssertEqual([half, -half], modes.Loadings(1), 1e-6);
        Assert.Equal(5, modes.Means[0], 1e-6);
    }

    [Fact]
    public void Loadings_are_orthonormal_and_scores_times_loadings_give_back_the_matrix()
    {
        float[][] rows = RandomRows(5, 1111, 1);
        ModeAnalysis modes = Compute(rows);
        double[][] scores = [.. Enumerable.Range(0, 5).Select(modes.Scores)];
        for (int j = 0; j < 5; j++)
        {
            Assert.InRange(Math.Abs(scores[j].Average()), 0, 1e-12);
            for (int k = 0; k < 5; k++)
            {
                Assert.Equal(j == k ? 1 : 0, Dot(modes.Loadings(j), modes.Loadings(k)), 1e-12);
            }

            // Every eigenpair is one: XᵀX·v = λ·v, checked column by column through the scores.
            for (int c = 0; c < 5; c++)
            {
                double product = rows[c].Select((value, i) => (value - modes.Means[c]) * scores[j][i]).Sum();
                double eigenvalue = modes.ExplainedVariance[j] * modes.TotalVariance * modes.Tokens;
                Assert.Equal(eigenvalue * modes.Loadings(j)[c], product, 1e-9 * modes.TotalVariance * modes.Tokens);
            }
        }

        for (int i = 0; i < 1111; i += 37)
        {
            for (int c = 0; c < 5; c++)
            {
                double value = modes.Means[c];
                for (int k = 0; k < 5; k++)
                {
                    value += scores[k][i] * modes.Loadings(k)[c];
                }

                Assert.Equal(rows[c][i], value, 1e-12);
            }
        }
    }

    [Fact]
    public void Explained_variances_fall_sum_to_one_and_are_the_variances_of_the_scores()
    {
        ModeAnalysis modes = Compute(RandomRows(5, 700, 2));
        double sum = 0;
        for (int k = 0; k < modes.Count; k++)
        {
            sum += modes.ExplainedVariance[k];
            double variance = modes.Scores(k).Sum(score => score * score) / modes.Tokens;
            Assert.Equal(modes.ExplainedVariance[k] * modes.TotalVariance, variance, 1e-12);
            Assert.True(k == 0 || modes.ExplainedVariance[k] <= modes.ExplainedVariance[k - 1]);
        }

        Assert.Equal(1, sum, 1e-14);
    }

    [Fact]
    public void Planted_modes_are_found()
    {
        System.Random random = new(3);
        double[] first = [0.8, 0.4, 0.4, 0.2, 0];
        double[] second = [-0.4, 0.8, -0.2, 0.4, 0];
        double[] strong = [.. Enumerable.Range(0, 4000).Select(_ => 3 * (random.NextDouble() - 0.5))];
        double[] weak = [.. Enumerable.Range(0, 4000).Select(_ => random.NextDouble() - 0.5)];
        float[][] rows =
        [
            .. Enumerable.Range(0, 5).Select(c => strong.Zip(weak, (s, w) => (float)((s * first[c]) + (w * second[c]) + 0.3)).ToArray()),
        ];
        ModeAnalysis modes = Compute(rows);

        // The sample correlation of the two planted scores turns the axes by at most about 4·(1/√4000)·(1·3)/(9 − 1) = 0.024.
        AssertEqual(first, modes.Loadings(0), 0.024);
        AssertEqual(second, modes.Loadings(1), 0.024);
        Assert.InRange(modes.ExplainedVariance[0] + modes.ExplainedVariance[1], 1 - 1e-9, 1 + 1e-9);
    }

    [Fact]
    public void The_largest_loading_is_positive_and_negating_the_data_negates_scores_only()
    {
        float[][] rows = RandomRows(5, 300, 4);
        ModeAnalysis modes = Compute(rows);
        ModeAnalysis negated = Compute([.. rows.Select(row => row.Select(value => -value).ToArray())]);
        for (int k = 0; k < modes.Count; k++)
        {
            double[] loadings = modes.Loadings(k).ToArray();
            Assert.Equal(loadings.Max(Math.Abs), loadings.Max());
            AssertEqual(loadings, negated.Loadings(k), 1e-9);
            Assert.Equal(-modes.Scores(k)[17], negated.Scores(k)[17], 1e-9);
        }
    }

    [Fact]
    public void A_mode_can_be_turned_towards_named_tokens()
    {
        ModeAnalysis modes = Compute(RandomRows(5, 300, 5));
        int[] lowest = [.. ModeExtremes.Of(modes.Scores(1), 4).Bottom.Select(token => token.Token)];
        double[] before = modes.Loadings(1).ToArray();
        modes.Orient(1, lowest);
        AssertEqual([.. before.Select(loading => -loading)], modes.Loadings(1), 0);
        Assert.True(lowest.Sum(token => modes.Scores(1)[token]) > 0);
        modes.Orient(1, lowest);
        AssertEqual([.. before.Select(loading => -loading)], modes.Loadings(1), 0);
        Assert.Throws<ArgumentException>(() => modes.Orient(1, []));
    }

    [Fact]
    public void Permuting_tokens_permutes_scores()
    {
        float[][] rows = RandomRows(5, 401, 6);
        int[] order = [.. Enumerable.Range(0, 401).Select(i => i * 7 % 401)];
        ModeAnalysis straight = Compute(rows);
        ModeAnalysis permuted = Compute([.. rows.Select(row => order.Select(i => row[i]).ToArray())]);
        double[] expected = straight.Scores(2);
        double[] found = permuted.Scores(2);
        for (int i = 0; i < order.Length; i++)
        {
            Assert.Equal(expected[order[i]], found[i], 1e-9);
        }
    }

    [Fact]
    public void The_number_of_workers_does_not_change_a_bit()
    {
        float[][] rows = RandomRows(5, 20_011, 7);
        ModeAnalysis alone = Compute(rows);
        using WorkerPool pool = new(3);
        ModeAnalysis shared = ModeAnalysis.Compute(Names, Memory(rows), pool);
        for (int k = 0; k < alone.Count; k++)
        {
            Assert.Equal(alone.Loadings(k).ToArray(), shared.Loadings(k).ToArray());
            Assert.Equal(alone.ExplainedVariance[k], shared.ExplainedVariance[k]);
        }
    }

    [Fact]
    public void Data_without_modes_are_refused_in_words()
    {
        AssertRefused("at least two tokens", [1f]);
        AssertRefused("not finite", [1f, float.NaN]);
        AssertRefused("no component of l0h0 varies", [2f, 2f, 2f]);
        Assert.Throws<ArgumentException>(() =>
            ModeAnalysis.Compute(
                ["a", "b"],
                Memory([
                    [1, 2],
                    [1, 2, 3],
                ])
            )
        );
    }

    [Fact]
    public void Extremes_are_ordered_and_ties_go_to_the_lower_index()
    {
        ModeExtremes extremes = ModeExtremes.Of([1, 3, -2, 3, 0, -2, 3], 3);
        Assert.Equal([new(1, 3), new(3, 3), new(6, 3)], extremes.Top);
        Assert.Equal([new(2, -2), new(5, -2), new(4, 0)], extremes.Bottom);
        Assert.Equal([new(1, 3), new(3, 3)], ModeExtremes.Of([1, 3, -2, 3, 0, -2, 3], 2).Top);
        Assert.Equal(2, ModeExtremes.Of([1, 2], 5).Bottom.Count);
        Assert.Empty(ModeExtremes.Of([1, 2], 0).Top);
    }

    [Fact]
    public void Heads_are_grouped_by_layer_and_all_together()
    {
        IReadOnlyList<ModeGroup> groups = ModeGroup.PerLayerAndAll(["l1h0", "l0h0", "l0.mlp", "l0h1", "l10h2", "l1h1", "l0h0+l0h1"]);
        Assert.Equal(["l0", "l1", "l10", "heads"], groups.Select(group => group.Name));
        Assert.Equal([1, 3], groups[0].Rows);
        Assert.Equal([0, 5], groups[1].Rows);
        Assert.Equal([0, 1, 3, 4, 5], groups[3].Rows);
        Assert.Equal(["l0"], ModeGroup.PerLayerAndAll(["l0h0", "l0h1"]).Select(group => group.Name));
        ModeGroup whole = Assert.Single(ModeGroup.PerLayerAndAll(["l0", "l1.attn"]));
        Assert.Equal("components", whole.Name);
        Assert.Equal([0, 1], whole.Rows);
    }

    private static ModeAnalysis Compute(float[][] rows) => ModeAnalysis.Compute(Names, Memory(rows));

    private static ReadOnlyMemory<float>[] Memory(float[][] rows) => [.. rows.Select(row => new ReadOnlyMemory<float>(row))];

    private static float[][] RandomRows(int components, int tokens, int seed)
    {
        System.Random random = new(seed);
        float[] common = [.. Enumerable.Range(0, tokens).Select(_ => random.NextSingle())];
        return
        [
            .. Enumerable
                .Range(0, components)
                .Select(c => common.Select(value => value + ((0.1f + (0.2f * c)) * random.NextSingle()) + c).ToArray()),
        ];
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AssertEqual(double[] expected, ReadOnlySpan<double> found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], tolerance);
        }
    }

    private static void AssertRefused(string words, float[] row)
    {
        InputException error = Assert.Throws<InputException>(() => ModeAnalysis.Compute(["l0h0"], [row]));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
