using Curie.Development.Scores;
using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;

namespace Curie.Development.Tests.Scores;

public sealed class HeadScorerTests
{
    private const int Bos = 49;

    private static readonly TransformerConfig Config = new()
    {
        Layers = 2,
        ModelWidth = 24,
        Heads = 3,
        HeadWidth = 8,
        ContextLength = 130,
        Vocabulary = 50,
        Positions = PositionalEmbedding.Shortformer,
    };

    /// <summary>
    /// With equal scores attention is 1/length, so a score is the mean of 1/length over the samples' lengths: within 4 of its own standard
    /// errors.
    /// </summary>
    [Fact]
    public void Uniform_attention_scores_the_mean_of_one_over_the_length()
    {
        using ParameterSet parameters = new(new ParameterLayout(Config));
        double previous = Enumerable.Range(16, 49).Average(length => 1.0 / length);
        double prefix = Enumerable.Range(65, 63).Average(query => 1.0 / (query + 1));

        (IReadOnlyList<HeadScore> previousToken, IReadOnlyList<HeadScore> prefixMatching) = Score(parameters, samples: 4000, workers: 2);

        Assert.Equal(0.02910, previous, 4e-5);
        Assert.Equal(0.010696, prefix, 5e-7);
        Assert.Equal(6, previousToken.Count);
        Assert.All(previousToken, score =>
            Assert.InRange(score.Value, previous - (4 * score.StandardError), previous + (4 * score.StandardError))
        );
        Assert.All(prefixMatching, score =>
            Assert.InRange(score.Value, prefix - (4 * score.StandardError), prefix + (4 * score.StandardError))
        );
        Assert.All(previousToken.Concat(prefixMatching), score => Assert.InRange(score.StandardError, 1e-6, 1e-3));
    }

    /// <summary>
    /// A head whose queries match the keys of the position before: W_pos is one-hot in two halves of the width, queries read position t and
    /// keys
    /// answer from t − 1. Attention goes to the token before, up to exp(−scale) of it.
    /// </summary>
    [Fact]
    public void A_head_built_to_look_back_one_token_scores_nearly_one()
    {
        TransformerConfig wide = Config with { ModelWidth = 136, HeadWidth = 130, Heads = 1, Layers = 1 };
        using ParameterSet parameters = new(new ParameterLayout(wide));
        ParameterLayout layout = parameters.Layout;
        for (int t = 0; t < wide.ContextLength; t++)
        {
            parameters.Matrix(layout.PositionEmbedding).Row(t)[t] = 1;
            parameters.Slice(layout.Blocks[0].Key, 0).Row(t)[t] = 400;
            if (t > 0)
            {
                parameters.Slice(layout.Blocks[0].Query, 0).Row(t)[t - 1] = 1;
            }
        }

        using Machine machine = Machine.Create(2);
        using TransformerWeights weights = new(parameters, machine);
        using HeadScorer scorer = new(weights, machine);
        AttentionSamples samples = new(wide.ContextLength, wide.Vocabulary, Bos, []);

        HeadScore score = Assert.Single(scorer.Score(samples.PreviousToken, 200, seed: 1));

        Assert.InRange(score.Value, 0.999, 1.0001);
    }

    [Fact]
    public void Scores_have_the_same_bits_for_every_number_of_workers()
    {
        using ParameterSet parameters = new(new ParameterLayout(Config));
        Initialization.Fill(parameters, Kernels.FromEnvironment(), seed: 3);

        Assert.Equal(Score(parameters, 50, workers: 1).PrefixMatching, Score(parameters, 50, workers: 3).PrefixMatching);
    }

    [Fact]
    public void A_prefix_sample_repeats_one_token_and_nothing_else_of_it()
    {
        AttentionSamples samples = new(Config.ContextLength, Config.Vocabulary, Bos, []);
        for (ulong i = 0; i < 200; i++)
        {
            AttentionSample sample = samples.PrefixMatching(new PhiloxStream(PhiloxKey.Derive(1, RandomPurpose.Scores), i));
            int repeated = sample.Tokens[sample.Query];

            Assert.Equal(Bos, sample.Tokens[0]);
            Assert.Equal(129, sample.Tokens.Length);
            Assert.Equal(
                [sample.Key - 1, sample.Query],
                Enumerable.Range(0, sample.Tokens.Length).Where(t => sample.Tokens[t] == repeated)
            );
            Assert.InRange(sample.Key - 1, 1, 63);
            Assert.InRange(sample.Query, 65, 127);
            Assert.DoesNotContain(Bos, sample.Tokens.Skip(1));
        }
    }

    private static (IReadOnlyList<HeadScore> PreviousToken, IReadOnlyList<HeadScore> PrefixMatching) Score(
        ParameterSet parameters,
        int samples,
        int workers
    )
    {
        using Machine machine = Machine.Create(workers);
        using TransformerWeights weights = new(parameters, machine);
        using HeadScorer scorer = new(weights, machine);
        AttentionSamples sequences = new(Config.ContextLength, Config.Vocabulary, Bos, []);
        return (scorer.Score(sequences.PreviousToken, samples, seed: 1), scorer.Score(sequences.PrefixMatching, samples, seed: 1));
    }
}
