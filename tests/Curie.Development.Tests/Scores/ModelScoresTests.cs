using Curie.Development.Scores;
using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Development.Tests.Scores;

/// <summary>Scores of models whose scores are known.</summary>
public sealed class ModelScoresTests
{
    private const int Bos = 49;

    /// <summary>
    /// Layer 0 copies the token before into a second part of the residual stream (its queries and keys read one-hot W_pos); in layer 1 the
    /// current token asks for it
    /// there. So attention goes from the second s to what followed the first, but for exponentials of differences of some twenty. Scores of
    /// a thousand have a log-sum-exp
    /// in float32 that is good to 10⁻⁴, and so is a probability near 1.
    /// </summary>
    [Fact]
    public void A_model_built_to_do_induction_has_a_previous_token_head_and_an_induction_head()
    {
        const int Tokens = 50;
        TransformerConfig config = new()
        {
            Layers = 2,
            ModelWidth = (2 * Tokens) + 130,
            Heads = 1,
            HeadWidth = 130,
            ContextLength = 130,
            Vocabulary = Tokens,
            Positions = PositionalEmbedding.Shortformer,
        };
        using ParameterSet parameters = new(new ParameterLayout(config));
        ParameterLayout layout = parameters.Layout;
        (BlockTensors first, BlockTensors second) = (layout.Blocks[0], layout.Blocks[1]);
        parameters[first.Ln1Weight].Fill(1);
        parameters[second.Ln1Weight].Fill(1);
        for (int token = 0; token < Tokens; token++)
        {
            parameters.Matrix(layout.TokenEmbedding).Row(token)[token] = 1;
            parameters.Slice(first.Value, 0).Row(token)[token] = 1;
            parameters.Slice(first.Output, 0).Row(token)[Tokens + token] = 1;
            parameters.Slice(second.Query, 0).Row(token)[token] = 20;
            parameters.Slice(second.Key, 0).Row(Tokens + token)[token] = 20;
        }

        for (int t = 0; t < config.ContextLength; t++)
        {
            parameters.Matrix(layout.PositionEmbedding).Row(t)[(2 * Tokens) + t] = 1;
            parameters.Slice(first.Key, 0).Row((2 * Tokens) + t)[t] = 400;
            if (t > 0)
            {
                parameters.Slice(first.Query, 0).Row((2 * Tokens) + t)[t - 1] = 1;
            }
        }

        using Machine machine = Machine.Create(2);
        using TransformerWeights weights = new(parameters, machine);
        using HeadScorer scorer = new(weights, machine);
        AttentionSamples samples = new(config.ContextLength, Tokens, Bos, []);

        IReadOnlyList<HeadScore> previous = scorer.Score(samples.PreviousToken, 100, seed: 1);
        IReadOnlyList<HeadScore> prefix = scorer.Score(samples.PrefixMatching, 100, seed: 1);

        Assert.InRange(previous[0].Value, 0.999, 1.001);
        Assert.InRange(prefix[1].Value, 0.99, 1.001);
        Assert.InRange(prefix[0].Value, 0, 0.01);
    }

    /// <summary>Against products of d × d matrices in float64: equal but for rounding in float64.</summary>
    [Fact]
    public void Compositions_are_ratios_of_norms_of_whole_matrices()
    {
        using ParameterSet parameters = Random(Small, 5);
        ModelScore[] scores = [.. Composition.Of(parameters)];
        Assert.Equal(3 * 2 * 2, scores.Length);
        (BlockTensors first, BlockTensors second) = (parameters.Layout.Blocks[0], parameters.Layout.Blocks[1]);
        double[,] a = Product(Matrix(parameters, first.Value, 1), Matrix(parameters, first.Output, 1));
        double[,] q = Matrix(parameters, second.Query, 0);
        double[,] k = Matrix(parameters, second.Key, 0);
        double[,] ov = Product(Matrix(parameters, second.Value, 0), Matrix(parameters, second.Output, 0));
        Check("k_composition", Product(k, Transposed(q)));
        Check("q_composition", Product(q, Transposed(k)));
        Check("v_composition", ov);

        void Check(string name, double[,] b)
        {
            ModelScore score = Assert.Single(scores, score => score.Component == "l0h1>l1h0" && score.Score == name);
            Assert.Equal(Norm(Product(a, b)) / (Norm(a) * Norm(b)), score.Value, 1e-10);
            Assert.Null(score.StandardError);
        }
    }

    /// <summary>
    /// 1/√256 = 0.0625 for independent random factors; a simulation gave 0.0626, and the mean of 16 pairs is good to a few hundredths of
    /// it.
    /// </summary>
    [Fact]
    public void Random_heads_compose_by_chance_alone()
    {
        TransformerConfig config = Small with { ModelWidth = 256, Heads = 4, HeadWidth = 32, Vocabulary = 60 };
        using ParameterSet parameters = Random(config, 8);
        foreach (IGrouping<string, ModelScore> kind in Composition.Of(parameters).GroupBy(score => score.Score))
        {
            Assert.Equal(0.0625, kind.Average(score => score.Value), 0.003);
        }
    }

    [Fact]
    public void Weight_norms_are_those_of_components()
    {
        using ParameterSet parameters = Random(Small, 5);
        ModelScore[] norms = [.. WeightNorms.Of(parameters)];
        double full = Math.Sqrt(parameters.Values.ToArray().Sum(value => (double)value * value));
        Assert.Equal(full, Assert.Single(norms, score => score.Component == "full").Value, 1e-9);
        Assert.Equal(
            new ComponentParser(parameters.Layout)
                .ParseAll(["full", "embed", "unembed", "l0", "l1", "heads"])
                .Select(component => component.Name)
                .Append("pos_embed"),
            norms.Select(score => score.Component)
        );
    }

    /// <summary>
    /// Losses against the evaluator's own, by index and row; an ablated dead head changes nothing; a model that ignores positions does not
    /// miss them.
    /// </summary>
    [Fact]
    public void Scores_of_text_are_means_over_rows()
    {
        using ParameterSet parameters = Random(Small, 5);
        parameters.Slice(parameters.Layout.Blocks[1].Output, 1).Clear();
        using TokenRows text = Text(12);
        IReadOnlyList<ModelScore> scores = Score(parameters, text, workers: 2);
        using Machine machine = Machine.Create(1);
        using TransformerWeights weights = new(parameters, machine);
        using TransformerEvaluator evaluator = new(Small, machine);
        float[] losses = new float[12 * (Small.ContextLength - 1)];
        evaluator.TokenLosses(weights, text, [.. Enumerable.Range(0, 12)], losses, []);
        double[][] rows = [.. losses.Select(loss => (double)loss).Chunk(Small.ContextLength - 1)];
        Assert.Equal(losses.Average(loss => (double)loss), Value("full", "loss"), 1e-9);
        Assert.Equal(rows.Average(row => row[7]), Value("full", "loss_at_7"), 1e-9);
        Assert.Equal(rows.Average(row => row[^1] - row[(Small.ContextLength - 2) / 10]), Value("full", "in_context_learning"), 1e-9);
        Assert.Equal(0, Value("l1h1", "zero_ablation"));
        Assert.NotEqual(0, Value("l0h1", "mean_ablation"));
        Assert.NotEqual(Value("full", "loss"), Value("full", "loss_without_positions"));
        Assert.True(Value("full", "bigram") >= Value("full", "bigram_floor"));

        parameters[parameters.Layout.PositionEmbedding].Clear();
        IReadOnlyList<ModelScore> blind = Score(parameters, text, workers: 1);
        Assert.Equal(
            blind.Where(score => score.Score.StartsWith("loss_without_positions", StringComparison.Ordinal)).Select(score => score.Value),
            blind
                .Where(score => score.Score == "loss" || score.Score.StartsWith("loss_at", StringComparison.Ordinal))
                .Select(score => score.Value)
        );

        double Value(string component, string score) =>
            Assert.Single(scores, one => one.Component == component && one.Score == score).Value;
    }

    [Fact]
    public void Scores_have_the_same_bits_for_every_number_of_workers()
    {
        using ParameterSet parameters = Random(Small, 5);
        using TokenRows text = Text(6);
        Assert.Equal(Score(parameters, text, workers: 1), Score(parameters, text, workers: 3));
    }

    /// <summary>Heads that share keys and values compose as if each had a copy of its own: the same factors, the same bits.</summary>
    [Fact]
    public void Heads_of_a_group_compose_by_its_keys_and_values()
    {
        using ParameterSet shared = Random(Small with { Heads = 4, KeyValueHeads = 2 }, 6);
        using ParameterSet copied = new(new ParameterLayout(Small with { Heads = 4 }));
        foreach ((BlockTensors from, BlockTensors to) in shared.Layout.Blocks.Zip(copied.Layout.Blocks))
        {
            shared[from.Query].CopyTo(copied[to.Query]);
            shared[from.Output].CopyTo(copied[to.Output]);
            for (int head = 0; head < 4; head++)
            {
                Copy(shared.Slice(from.Key, head / 2), copied.Slice(to.Key, head));
                Copy(shared.Slice(from.Value, head / 2), copied.Slice(to.Value, head));
            }
        }

        Assert.Equal(Composition.Of(copied), Composition.Of(shared));

        static void Copy(MatrixView from, MatrixView to)
        {
            for (int i = 0; i < from.Rows; i++)
            {
                from.Row(i).CopyTo(to.Row(i));
            }
        }
    }

    /// <summary>Every number is finite, and what has no meaning is left out.</summary>
    [Fact]
    public void Scores_leave_out_what_an_architecture_does_not_have()
    {
        TransformerConfig config = Small with
        {
            Heads = 4,
            KeyValueHeads = 2,
            HeadWidth = 8,
            MlpWidth = 20,
            GatedMlp = true,
            Activation = Activation.Silu,
            MlpInputBias = MlpInputBias.None,
            Norm = NormKind.Rms,
            FinalNorm = NormKind.Rms,
            AttentionBiases = false,
            OutputBiases = false,
            MlpOutputBias = false,
            UnembeddingBiases = false,
            Positions = PositionalEmbedding.Rotary,
            Rotary = new RotaryOptions { Dimension = 8 },
            Parallel = true,
            TiedEmbeddings = true,
        };
        using ParameterSet parameters = Random(config, 5);
        using TokenRows text = Text(6);
        IReadOnlyList<ModelScore> scores = Score(parameters, text, workers: 2);
        Assert.All(scores, score => Assert.True(double.IsFinite(score.Value), score.ToString()));
        Assert.DoesNotContain(scores, score => score.Score.StartsWith("loss_without_positions", StringComparison.Ordinal));
        Assert.Contains(scores, score => score.Score == "bigram");
        Assert.Equal(
            ["full", "embed", "l0", "l1", "l0g0", "l0g1", "l1g0", "l1g1"],
            scores.Where(score => score.Score == "weight_norm").Select(score => score.Component)
        );
        Assert.Equal(8, scores.Count(score => score.Score == "mean_ablation"));
        Assert.Equal(8, scores.Count(score => score.Score == "prefix_matching"));

        // Tokens of the text are below 12, but the first of each row.
        TransformerConfig other = Small with
        {
            OutputVocabulary = 12,
            Bidirectional = true,
            Norm = NormKind.None,
            FinalNorm = NormKind.None,
        };
        using ParameterSet outputs = Random(other, 5);
        IReadOnlyList<ModelScore> left = Score(outputs, text, workers: 1);
        Assert.All(left, score => Assert.True(double.IsFinite(score.Value), score.ToString()));
        Assert.DoesNotContain(left, score => score.Score.StartsWith("bigram", StringComparison.Ordinal));
        Assert.Contains(left, score => score.Score == "loss_without_positions");
    }

    private static readonly TransformerConfig Small = new()
    {
        Layers = 2,
        ModelWidth = 24,
        Heads = 2,
        HeadWidth = 7,
        ContextLength = 40,
        Vocabulary = 50,
        Positions = PositionalEmbedding.Shortformer,
    };

    private static IReadOnlyList<ModelScore> Score(ParameterSet parameters, TokenRows text, int workers)
    {
        using Machine machine = Machine.Create(workers);
        AttentionSamples samples = new(Small.ContextLength, Small.Vocabulary, Bos, []);
        return ModelScores.Of(parameters, text, samples, new ModelScoreOptions { Samples = 20 }, machine, CancellationToken.None);
    }

    private static ParameterSet Random(TransformerConfig config, long seed)
    {
        ParameterSet parameters = new(new ParameterLayout(config));
        Initialization.Fill(parameters, Kernels.FromEnvironment(), seed);
        return parameters;
    }

    private static TokenRows Text(int rows)
    {
        Random random = new(4);
        return new TokenRows(
            [.. Enumerable.Range(0, rows * Small.ContextLength).Select(i => i % Small.ContextLength == 0 ? Bos : random.Next(12))],
            Small.ContextLength
        );
    }

    private static double[,] Matrix(ParameterSet parameters, ParameterTensor tensor, int head)
    {
        MatrixView view = parameters.Slice(tensor, head);
        double[,] matrix = new double[view.Rows, view.Columns];
        for (int i = 0; i < view.Rows; i++)
        {
            for (int j = 0; j < view.Columns; j++)
            {
                matrix[i, j] = view.Row(i)[j];
            }
        }

        return matrix;
    }

    private static double[,] Transposed(double[,] x)
    {
        double[,] y = new double[x.GetLength(1), x.GetLength(0)];
        for (int i = 0; i < x.Length; i++)
        {
            y[i % x.GetLength(1), i / x.GetLength(1)] = x[i / x.GetLength(1), i % x.GetLength(1)];
        }

        return y;
    }

    private static double[,] Product(double[,] x, double[,] y)
    {
        double[,] z = new double[x.GetLength(0), y.GetLength(1)];
        for (int i = 0; i < z.Length; i++)
        {
            (int row, int column) = (i / z.GetLength(1), i % z.GetLength(1));
            z[row, column] = Enumerable.Range(0, x.GetLength(1)).Sum(k => x[row, k] * y[k, column]);
        }

        return z;
    }

    private static double Norm(double[,] x) => Math.Sqrt(x.Cast<double>().Sum(value => value * value));
}
