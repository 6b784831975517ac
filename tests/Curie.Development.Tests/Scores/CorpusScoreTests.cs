using Curie.Development.Scores;
using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Development.Tests.Scores;

public sealed class CorpusScoreTests
{
    private static readonly TransformerConfig Config = new()
    {
        Layers = 1,
        ModelWidth = 8,
        Heads = 1,
        HeadWidth = 8,
        ContextLength = 6,
        Vocabulary = 8,
    };

    [Fact]
    public void A_network_of_zeros_scores_the_uniform_predictors_cross_entropy()
    {
        using ParameterSet parameters = new(new ParameterLayout(Config));
        BigramScore score = Bigrams(parameters);
        Assert.Equal(Math.Log(8), score.CrossEntropy.Mean, 1e-6);
        Assert.Equal(ExpectedFloor, score.Floor.Mean, 1e-12);
        Assert.Equal(0, score.Floor.StandardError, 1e-12);
    }

    [Fact]
    public void A_network_that_is_the_bigram_table_scores_the_floor()
    {
        // Each token's embedding is one-hot; W_U holds the log shares through the final layer norm, whose scale of a one-hot vector of
        // width 8 is √(7/64 + ε).
        using ParameterSet parameters = new(new ParameterLayout(Config));
        ParameterLayout layout = parameters.Layout;
        parameters[layout.FinalNormWeight].Fill(1);
        double scale = Math.Sqrt((7.0 / 64) + Config.Epsilon);
        for (int u = 0; u < 8; u++)
        {
            parameters.Matrix(layout.TokenEmbedding).Row(u)[u] = 1;
            Span<float> logits = parameters.Matrix(layout.Unembedding).Row(u);
            for (int v = 0; v < 8; v++)
            {
                logits[v] = (float)(
                    scale
                    * (
                        u == 1
                            ? v switch
                            {
                                2 => Math.Log(0.75),
                                3 => Math.Log(0.25),
                                _ => -30,
                            }
                            : 0
                    )
                );
            }
        }

        // x̂ of u is (1 − 1/8)/scale at u and −1/(8·scale) elsewhere: logits are row u's less an eighth of the sum over rows, which is row
        // 1's alone.
        // Only u = 1 has one at all: its logits are 7/8 of it, so add the missing eighth.
        foreach (ref float value in parameters.Matrix(layout.Unembedding).Row(1))
        {
            value *= 8f / 7;
        }

        BigramScore score = Bigrams(parameters);
        Assert.Equal(ExpectedFloor, score.CrossEntropy.Mean, 1e-4);
    }

    [Fact]
    public void A_network_of_zeros_has_no_ngrams()
    {
        using ParameterSet parameters = new(new ParameterLayout(Config));
        using Machine machine = Machine.Create(1);
        using TransformerWeights weights = new(parameters, machine);
        using TokenRows corpus = Corpus();
        IReadOnlyList<NgramScore> scores = NgramScore.Of(weights, corpus, 4, 4, machine);
        Assert.Equal([2, 3, 4], scores.Select(score => score.Length));
        Assert.All(scores, score => Assert.Equal(1, score.Ratio, 1e-6));
        Assert.All(scores, score => Assert.Equal(Math.Log(8), score.Text.Mean, 1e-5));
    }

    /// <summary>Token 1 is followed by 2 three times in four and by 3 once; only it stands where a score can look.</summary>
    private static double ExpectedFloor => -((0.75 * Math.Log(0.75)) + (0.25 * Math.Log(0.25)));

    private static BigramScore Bigrams(ParameterSet parameters)
    {
        using Machine machine = Machine.Create(1);
        using TransformerWeights weights = new(parameters, machine);
        using TokenRows corpus = Corpus();
        using TokenRows text = new([0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1], 6);
        return BigramScore.Of(weights, corpus, 4, text, 2, seed: 1, machine.Kernels)!;
    }

    private static TokenRows Corpus() => new([0, 1, 2, 4, 1, 2, 0, 5, 1, 2, 1, 3, 0, 6, 7, 4, 5, 6, 0, 7, 6, 5, 4, 7], 6);
}
