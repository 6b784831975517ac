using Curie.Development.Effects;
using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Parallelism;
using Curie.Response.Runs;
using Curie.Text.Packing;

namespace Curie.Development.Tests.Effects;

public sealed class HeadEffectsTests
{
    private const int Rows = 3;

    private static readonly TransformerConfig Config = new()
    {
        Layers = 2,
        ModelWidth = 12,
        Heads = 2,
        HeadWidth = 6,
        ContextLength = 9,
        Vocabulary = 20,
        Positions = PositionalEmbedding.Standard,
    };

    [Fact]
    public void A_head_whose_output_is_zero_changes_no_loss_and_the_others_do()
    {
        using ParameterSet parameters = Random(1);
        parameters.Slice(parameters.Layout.Blocks[0].Output, 1).Clear();
        HeadEffects effects = Measure(parameters);
        Assert.Equal(["l0h0", "l0h1", "l1h0", "l1h1"], effects.Components);
        Assert.All(effects.ZeroAblation[1], change => Assert.Equal(0, change));
        Assert.All(effects.MeanAblation[1], change => Assert.Equal(0, change));
        Assert.All(effects.DirectLogit[1], value => Assert.Equal(0, value));
        Assert.All(new[] { 0, 2, 3 }, head => Assert.True(effects.ZeroAblation[head].Max(Math.Abs) > 1e-3));
        Assert.All(new[] { 0, 2, 3 }, head => Assert.True(effects.MeanAblation[head].Max(Math.Abs) > 1e-3));
    }

    [Fact]
    public void A_head_whose_output_is_constant_is_all_in_its_mean()
    {
        // Values that are a bias alone are mixed to that bias whatever the attention: mean ablation changes nothing beyond float32 rounding
        // of losses near 3.
        using ParameterSet parameters = Random(2);
        BlockTensors block = parameters.Layout.Blocks[1];
        parameters.Slice(block.Value, 0).Clear();
        parameters.Row(block.ValueBias, 0).Fill(0.7f);
        HeadEffects effects = Measure(parameters);
        Assert.All(effects.MeanAblation[2], change => Assert.Equal(0, change, 1e-5));
        Assert.True(effects.ZeroAblation[2].Max(Math.Abs) > 1e-3);
    }

    [Fact]
    public void The_network_is_whole_again_after_an_ablation()
    {
        using ParameterSet parameters = Random(3);
        using Machine machine = Machine.Create(2);
        using TokenRows rows = Text();
        using HeadAblation ablation = new(parameters, machine);
        int[] all = [0, 1, 2];
        float[] before = ablation.Losses(rows, all);
        ablation.LossesWithout(1, 1, new float[Config.ModelWidth], rows, all);
        ablation.LossesWithout(0, 0, [.. Enumerable.Repeat(0.5f, Config.ModelWidth)], rows, all);
        Assert.Equal(before, ablation.Losses(rows, all));
        Assert.True(parameters.Values.SequenceEqual(ablation.Weights.Parameters.Values));
    }

    [Fact]
    public void Direct_logits_of_all_heads_the_embedding_and_the_biases_are_the_logit_less_the_mean_logit()
    {
        using ParameterSet parameters = Random(4);
        ParameterLayout layout = parameters.Layout;
        using Machine machine = Machine.Create(2);
        using TransformerWeights weights = new(parameters, machine);
        using TokenRows rows = Text();
        float[][] direct = DirectLogits.Of(weights, rows, [1], machine);
        using RowPass pass = new(Config, machine.Kernels);
        rows.CopyRow(1, pass.BeginRow(Config.ContextLength));
        pass.Forward(weights);
        for (int t = 0; t < Config.ContextLength - 1; t++)
        {
            double[] final = Row(pass.Residual(Config.Layers), t);
            double[] start = Row(pass.Residual(0), t);
            double[] rest =
            [
                .. start.Select(
                    (value, d) => value + parameters[layout.Blocks[0].OutputBias][d] + parameters[layout.Blocks[1].OutputBias][d]
                ),
            ];
            int target = rows[1, t + 1];

            // Float32 residuals of order 1 and logits of order 10.
            double expected = Logit(parameters, final, final, target) - Logit(parameters, rest, final, target);
            Assert.Equal(expected, direct.Sum(head => head[t]), 1e-4);
        }
    }

    /// <summary>
    /// In an attention-only network the residual stream is the embedding and what heads add, so with an RMS norm and no biases their direct
    /// logits and the embedding's are the whole difference: heads share keys, positions are rotary, and W_U is W_Eᵀ.
    /// </summary>
    [Fact]
    public void Direct_logits_under_an_rms_norm_add_up_too()
    {
        TransformerConfig config = Config with
        {
            Heads = 4,
            KeyValueHeads = 2,
            Norm = NormKind.Rms,
            FinalNorm = NormKind.Rms,
            Positions = PositionalEmbedding.Rotary,
            Rotary = new RotaryOptions { Dimension = 6 },
            AttentionBiases = false,
            OutputBiases = false,
            UnembeddingBiases = false,
            TiedEmbeddings = true,
        };
        using ParameterSet parameters = Random(5, config);
        ParameterLayout layout = parameters.Layout;
        using Machine machine = Machine.Create(2);
        using TransformerWeights weights = new(parameters, machine);
        using TokenRows rows = Text();
        float[][] direct = DirectLogits.Of(weights, rows, [2], machine);
        using RowPass pass = new(config, machine.Kernels);
        rows.CopyRow(2, pass.BeginRow(Config.ContextLength));
        pass.Forward(weights);
        Assert.Equal(8, direct.Length);
        for (int t = 0; t < Config.ContextLength - 1; t++)
        {
            double[] final = Row(pass.Residual(config.Layers), t);
            double[] start = Row(parameters.Matrix(layout.TokenEmbedding), rows[2, t]);
            double scale = Math.Sqrt(final.Average(value => value * value) + config.Epsilon);
            double[] logits =
            [
                .. Enumerable.Range(0, config.Vocabulary).Select(token => Sum(parameters.Matrix(layout.TokenEmbedding), token, final)),
            ];
            double[] embedding =
            [
                .. Enumerable.Range(0, config.Vocabulary).Select(token => Sum(parameters.Matrix(layout.TokenEmbedding), token, start)),
            ];
            int target = rows[2, t + 1];

            // Float32 residuals of order 1 and logits of order 10.
            Assert.Equal(logits[target] - logits.Average(), embedding[target] - embedding.Average() + direct.Sum(head => head[t]), 1e-4);

            double Sum(MatrixView matrix, int token, double[] x) =>
                Row(matrix, token).Select((weight, k) => weight * parameters[layout.FinalNormWeight][k] * x[k] / scale).Sum();
        }
    }

    /// <summary>
    /// A network without b_O is the one whose b_O is zero: the same losses bit for bit. A head whose values are one bias is all in its
    /// mean, whatever it has to be added to.
    /// </summary>
    [Fact]
    public void Ablation_needs_no_output_bias()
    {
        TransformerConfig without = Config with { OutputBiases = false };
        using ParameterSet parameters = Random(6, without);
        BlockTensors block = parameters.Layout.Blocks[1];
        parameters.Slice(block.Value, 0).Clear();
        parameters.Row(block.ValueBias, 0).Fill(0.7f);
        HeadEffects effects = Measure(parameters);
        Assert.All(effects.MeanAblation[2], change => Assert.Equal(0, change, 1e-5));
        Assert.True(effects.ZeroAblation[2].Max(Math.Abs) > 1e-3);

        using ParameterSet zeros = new(new ParameterLayout(Config));
        foreach (ParameterTensor tensor in parameters.Layout.Tensors)
        {
            parameters[tensor].CopyTo(zeros[zeros.Layout.Tensors.Single(one => one.Name == tensor.Name)]);
        }

        HeadEffects same = Measure(zeros);
        Assert.Equal(same.ZeroAblation, effects.ZeroAblation);
        Assert.Equal(same.MeanAblation, effects.MeanAblation);
        Assert.Equal(same.DirectLogit, effects.DirectLogit);
    }

    /// <summary>
    /// The logit less the mean logit of a part of the residual stream, with the final layer norm's scale of the whole; biases aside.
    /// </summary>
    private static double Logit(ParameterSet parameters, double[] part, double[] whole, int target)
    {
        double mean = whole.Average();
        double scale = Math.Sqrt(whole.Average(value => (value - mean) * (value - mean)) + Config.Epsilon);
        double centre = part.Average();
        MatrixView unembedding = parameters.Matrix(parameters.Layout.Unembedding);
        double sum = 0;
        for (int d = 0; d < part.Length; d++)
        {
            double average = unembedding.Row(d).ToArray().Average(value => (double)value);
            sum += (part[d] - centre) / scale * parameters[parameters.Layout.FinalNormWeight][d] * (unembedding.Row(d)[target] - average);
        }

        return sum;
    }

    private static double[] Row(MatrixView matrix, int row) => Array.ConvertAll(matrix.Row(row).ToArray(), value => (double)value);

    private static HeadEffects Measure(ParameterSet parameters)
    {
        using Machine machine = Machine.Create(2);
        using TokenRows rows = Text();
        TokenTable tokens = new(Rows * 4);
        for (int i = 0; i < tokens.Count; i++)
        {
            (tokens.Row[i], tokens.Position[i]) = (i / 4, 2 * (i % 4));
        }

        return HeadEffects.Of(parameters, tokens, [rows], rows, Rows, machine);
    }

    private static TokenRows Text()
    {
        System.Random random = new(9);
        return new TokenRows(
            [.. Enumerable.Range(0, Rows * Config.ContextLength).Select(_ => random.Next(Config.Vocabulary))],
            Config.ContextLength
        );
    }

    private static ParameterSet Random(int seed, TransformerConfig? config = null)
    {
        ParameterSet parameters = new(new ParameterLayout(config ?? Config));
        System.Random random = new(seed);
        foreach (ref float value in parameters.Values)
        {
            value = (float)((2 * random.NextDouble()) - 1);
        }

        return parameters;
    }
}
