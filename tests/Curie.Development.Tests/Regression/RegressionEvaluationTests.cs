using Curie.Development.Regression;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Regression;
using Curie.Networks.Training;
using Curie.Numerics;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Random;

namespace Curie.Development.Tests.Regression;

public sealed class RegressionEvaluationTests : IDisposable
{
    private static readonly RegressionArchitecture Small = new()
    {
        ModelWidth = 32,
        Heads = 2,
        HeadWidth = 16,
        MlpWidth = 32,
    };
    private readonly Machine _machine = Machine.Create(2);

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_model_that_predicts_zero_has_the_scores_of_the_zero_predictor()
    {
        RegressionTask task = new() { Tasks = 8 };
        using ParameterSet model = Small.CreateModel(task);
        RegressionInitialization.Fill(model, 1);
        model[model.Layout.Unembedding].Clear();
        model[model.Layout.UnembeddingBias].Clear();
        using RegressionEvaluation evaluation = new(model, Options, _machine);
        float[] outputs = new float[evaluation.OutputSequences * task.Examples];

        Dictionary<string, double> scores = evaluation.Evaluate(model, outputs).ToDictionary(score => score.Name, score => score.Value);

        double squares = Enumerable
            .Range(0, evaluation.Batch.Count)
            .Average(s => evaluation.Batch.Targets(s).ToArray().Average(y => (double)y * y));
        Assert.Equal(squares, scores["loss"], 1e-9);
        Assert.Equal(0, scores["task_prior"]);
        Assert.All(outputs, output => Assert.Equal(0, output));
        Assert.Equal(scores["loss_8"] - scores["loss_1"], scores["icl_1_8"], 1e-12);
        Assert.Equal(scores["icl_1_8"], scores["icl_1_4"] + scores["icl_4_8"], 1e-12);
        Assert.Equal(scores["ood_task_3_icl"] / 3, scores["ood_task_3_icl_per_g"], 1e-12);
        Assert.True(scores["dmmse_loss"] < scores["ridge_loss"] && scores["ridge_loss"] < scores["mean_task_loss"]);
        Assert.Equal(0, scores["unembed_row_norm"]);
        Assert.Equal(0, scores["unembed_bias"]);
    }

    [Fact]
    public void Unseen_tasks_come_with_the_inputs_and_noise_of_the_sequences()
    {
        RegressionTask task = new() { Tasks = 1, NoiseVariance = 0.5 };
        RegressionTask unlimited = task with { Tasks = null };
        using ParameterSet model = Small.CreateModel(task);
        RegressionInitialization.Fill(model, 1);
        using ParameterSet same = Small.CreateModel(unlimited);
        RegressionInitialization.Fill(same, 1);
        using RegressionEvaluation ofOne = new(model, Options, _machine);
        using RegressionEvaluation ofAll = new(same, Options, _machine);

        Dictionary<string, double> scores = ofOne.Evaluate(model).ToDictionary(score => score.Name, score => score.Value);
        Dictionary<string, double> others = ofAll.Evaluate(same).ToDictionary(score => score.Name, score => score.Value);

        // Where every sequence has a task of its own, its sequences are those that are unseen to a model of fixed tasks.
        Assert.Equal(others["loss"], scores["unseen_loss"]);
        Assert.Equal(others["loss_se"], scores["unseen_loss_se"]);
        Assert.NotEqual(scores["loss"], scores["unseen_loss"], 0.01);
        Assert.DoesNotContain("unseen_loss", others.Keys);
    }

    [Fact]
    public void A_head_without_queries_attends_evenly_and_the_same_in_every_sequence()
    {
        RegressionTask task = new();
        using ParameterSet model = Small.CreateModel(task);
        RegressionInitialization.Fill(model, 1);
        model.Slice(model.Layout.Blocks[0].Query, 1).Clear();
        using RegressionEvaluation evaluation = new(model, Options, _machine);

        Dictionary<string, double> scores = evaluation.Evaluate(model).ToDictionary(score => score.Name, score => score.Value);

        // Query i gives 1/(i + 1) to each of its keys; queries are 0 … 14.
        int[] queries = [.. Enumerable.Range(0, 15)];
        Assert.Equal(1, scores["l0h1_entropy"], 1e-5);
        Assert.Equal(0, scores["l0h1_variability"], 1e-5);
        Assert.Equal(queries.Average(i => 1.0 / (i + 1)), scores["l0h1_self"], 1e-5);
        Assert.Equal(queries.Skip(1).Average(i => 1.0 / (i + 1)), scores["l0h1_previous"], 1e-5);
        Assert.Equal(queries.Average(i => ((i / 2) + 1.0) / (i + 1)), scores["l0h1_inputs"], 1e-5);
        Assert.Equal(queries.Average(i => i / 2.0 / (i + 1)), scores["l0h1_position"], 1e-5);
        Assert.Equal(queries.Average(i => i / 2.0), scores["l0h1_distance"], 1e-4);
        Assert.InRange(scores["l0h0_entropy"], 0, 1);
        Assert.True(scores["l0h0_variability"] > 0.001);
    }

    [Fact]
    public void Collapse_is_told_from_constructed_weights()
    {
        RegressionTask task = new();
        using ParameterSet parameters = Small.CreateModel(task);
        ParameterLayout layout = parameters.Layout;

        // W_pos spans the first 16 axes. Rows of W_E: one inside, one outside, one halfway, two of size zero but for a trace outside.
        for (int t = 0; t < 16; t++)
        {
            parameters.Matrix(layout.PositionEmbedding).Row(t)[t] = t == 0 ? 2 : 1;
        }

        parameters.Matrix(layout.TokenEmbedding).Row(0)[3] = 4;
        parameters.Matrix(layout.TokenEmbedding).Row(1)[20] = 3;
        parameters.Matrix(layout.TokenEmbedding).Row(2)[4] = 1;
        parameters.Matrix(layout.TokenEmbedding).Row(2)[21] = 1;
        parameters.Matrix(layout.TokenEmbedding).Row(3)[22] = 1e-3f;
        parameters.Matrix(layout.TokenEmbedding).Row(4)[23] = 1e-3f;
        parameters[layout.FinalNormWeight][0] = -2;
        parameters[layout.FinalNormWeight][1] = 0.05f;
        parameters[layout.FinalNormBias][1] = 5;
        parameters.Matrix(layout.Unembedding).Row(0)[0] = 3;
        parameters.Matrix(layout.Unembedding).Row(1)[0] = 1;
        parameters[layout.UnembeddingBias][0] = 0.5f;

        Dictionary<string, double> scores = RegressionCollapse.Scores(parameters).ToDictionary(score => score.Name, score => score.Value);

        Assert.Equal(4.0 / 19, scores["position_variance_1"], 1e-6);
        Assert.Equal(1.0 / 19, scores["position_variance_16"], 1e-6);
        Assert.Equal(16.0 / 27, scores["token_variance_1"], 1e-6);
        Assert.Equal(1, scores["token_position_overlap_0"], 1e-6);
        Assert.Equal(0, scores["token_position_overlap_1"], 1e-6);
        Assert.Equal(Math.Sqrt(0.5), scores["token_position_overlap_2"], 1e-6);
        Assert.Equal(Math.Sqrt(36 + 0.0025), scores["unembed_row_norm"], 1e-6);
        Assert.Equal(6, scores["unembed_row_max"], 1e-6);
        Assert.Equal(31.0 / 32, scores["unembed_row_small"], 1e-6);
        Assert.Equal(5.5, scores["unembed_bias"], 1e-6);
        Assert.Equal(2.05 / 32, scores["ln_final_mean"], 1e-6);
        Assert.Equal(2, scores["ln_final_max"], 1e-6);
        Assert.Equal(31.0 / 32, scores["ln_final_small"], 1e-6);
    }

    /// <summary>
    /// With a new task in every sequence the best predictor is ridge regression, whose loss no model can beat but by chance (2,048
    /// sequences: below .02). After
    /// training a small model must have come four fifths of the way from the zero predictor, D + σ² = 2.125, and its predictions from where
    /// they were.
    /// </summary>
    [Fact]
    public void Trained_on_endless_tasks_a_model_approaches_ridge_regression()
    {
        RegressionTask task = new() { Dimension = 2, Examples = 6 };
        TrainingOptions options = TrainingOptions.OfRegression with { Steps = 3000, BatchSize = 64, LearningRate = 0.006 };
        using ParameterSet model = Small.CreateModel(task);
        RegressionInitialization.Fill(model, options.Seed);
        using TrainingState state = new(model);
        using RegressionGenerator generator = new(task, _machine.Kernels);
        using TransformerEvaluator evaluator = new(model.Layout.Config, _machine);
        PhiloxKey key = RegressionSequences.Training(options.Seed);
        using RegressionMinibatches minibatches = new(generator, key, options.BatchSize, _machine.Pool);
        using Trainer trainer = new(state, minibatches, options, evaluator);
        using RegressionEvaluation evaluation = new(model, Options with { Sequences = 2048 }, _machine);
        Dictionary<string, double> Scores() => evaluation.Evaluate(model).ToDictionary(score => score.Name, score => score.Value);
        Dictionary<string, double> before = Scores();

        for (int step = 0; step < options.Steps; step++)
        {
            trainer.Step();
        }

        Dictionary<string, double> after = Scores();
        double zero = task.Dimension + task.NoiseVariance;
        Assert.Equal(before["ridge_loss"], after["ridge_loss"]);
        Assert.InRange(after["loss"], after["ridge_loss"] - 0.02, after["ridge_loss"] + (0.2 * (zero - after["ridge_loss"])));
        Assert.InRange(after["ridge_distance"], 0, 0.2 * before["ridge_distance"]);
        Assert.InRange(after["icl_1_6"], double.NegativeInfinity, -1);
    }

    [Fact]
    public void Checkpoints_of_another_task_are_refused()
    {
        using ParameterSet model = Small.CreateModel(new RegressionTask());
        using ParameterSet other = Small.CreateModel(new RegressionTask { NoiseVariance = 1 });
        using RegressionEvaluation evaluation = new(model, Options, _machine);

        Assert.Contains("another task", Assert.Throws<InputException>(() => evaluation.Evaluate(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_leaves_out_what_has_no_meaning()
    {
        RegressionTable table = new();
        table.Add(3, [new("loss", 0.5), new("l0h0_entropy", double.NaN)]);

        Assert.Equal("step,loss,l0h0_entropy\n3,0.5,\n", table.ToCsv());
        Assert.Equal("[{\"step\":3,\"loss\":0.5,\"l0h0_entropy\":null}]", table.ToJson().ToJsonString());
    }

    private static RegressionEvaluationOptions Options =>
        new()
        {
            Sequences = 256,
            AttentionSequences = 64,
            OutputSequences = 32,
            Scales = [3],
        };
}
