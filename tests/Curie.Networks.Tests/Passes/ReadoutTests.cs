using Curie.Networks.Architecture;
using Curie.Networks.Passes;
using Curie.Numerics.Memory;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Passes;

/// <summary>The end of every kind of network, against the losses of its whole pass.</summary>
public sealed class ReadoutTests
{
    public static TheoryData<string> Names => Variants.Names;

    /// <summary>
    /// A loss is minus the log-probability of the token that comes. Logits are sums of 12 products of order 1, up to 10 in size, whose
    /// float32 terms and norms are each good to 6e-8 of it: 1e-5 leaves a factor of ten.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Log_probabilities_are_minus_the_losses(string name)
    {
        TransformerConfig config = Variants.Of(name);
        using NetworkFixture network = new(Variants.Random(config, 3), NetworkFixture.Widest, workers: 2);
        using TokenRows rows = Variants.Text(config, 2, 4);
        int positions = config.ContextLength - 1;
        float[] losses = new float[2 * positions];
        network.Evaluator.TokenLosses(network.Weights, rows, [0, 1], losses, []);
        Readout readout = new(network.Parameters);
        using RowPass pass = Forward(network, rows, 1);
        for (int t = 0; t < positions; t++)
        {
            double[] logProbabilities = readout.LogProbabilities(pass.Residual(config.Layers).Row(t));
            Assert.Equal(config.Logits, logProbabilities.Length);
            Assert.Equal(1, logProbabilities.Sum(Math.Exp), 1e-12);
            Assert.Equal(-losses[positions + t], logProbabilities[rows[1, t + 1]], 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_logit_is_that_among_all_and_differs_from_another_as_their_losses_do(string name)
    {
        TransformerConfig config = Variants.Of(name);
        using NetworkFixture network = new(Variants.Random(config, 5), NetworkFixture.Widest, workers: 1);
        using TokenRows rows = Variants.Text(config, 1, 6);
        Readout readout = new(network.Parameters);
        using RowPass pass = Forward(network, rows, 0);
        ReadOnlySpan<float> residual = pass.Residual(config.Layers).Row(4);
        double[] logits = readout.Logits(residual);
        double[] logProbabilities = readout.LogProbabilities(residual);
        for (int token = 0; token < config.Logits; token++)
        {
            // The same sums of 12 products in float64, in another order.
            Assert.Equal(logits[token], readout.Logit(residual, token), 1e-13);
            Assert.Equal(logits[token] - logits[0], logProbabilities[token] - logProbabilities[0], 1e-13);
        }
    }

    /// <summary>
    /// x·u is the logit less the mean logit, but for what β and b_U add, which is what a residual stream of zeros gives, or under a norm
    /// whose weights are zero.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_direction_gives_the_logit_less_the_mean_logit(string name)
    {
        TransformerConfig config = Variants.Of(name);
        using NetworkFixture network = new(Variants.Random(config, 7), NetworkFixture.Widest, workers: 1);
        using TokenRows rows = Variants.Text(config, 1, 8);
        Readout readout = new(network.Parameters);
        using RowPass pass = Forward(network, rows, 0);
        MatrixView final = pass.Residual(config.Layers);
        double[] constant = readout.Logits(new float[config.ModelWidth]);
        double[] direction = new double[config.ModelWidth];
        for (int t = 0; t < config.ContextLength - 1; t++)
        {
            int target = rows[0, t + 1];
            double[] logits = readout.Logits(final.Row(t));
            readout.Direction(final.Row(t), target, direction);
            double sum = 0;
            for (int k = 0; k < direction.Length; k++)
            {
                sum += final.Row(t)[k] * direction[k];
            }

            // Float64 sums of 12 · 20 products.
            Assert.Equal(logits[target] - logits.Average() - (constant[target] - constant.Average()), sum, 1e-12);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        TransformerConfig config = Variants.Of("no-norm-other-outputs");
        using NetworkFixture network = new(Variants.Random(config, 7), NetworkFixture.Widest, workers: 1);
        Readout readout = new(network.Parameters);
        Assert.Throws<ArgumentException>(() => readout.Logit(new float[config.ModelWidth], config.Logits));
        Assert.Throws<ArgumentException>(() => readout.Logit(new float[config.ModelWidth], -1));
        Assert.Throws<ArgumentException>(() => readout.Logits(new float[config.ModelWidth + 1]));
        Assert.Throws<ArgumentException>(() => readout.Direction(new float[config.ModelWidth], 0, new double[3]));
    }

    private static RowPass Forward(NetworkFixture network, TokenRows rows, int row)
    {
        RowPass pass = new(network.Config, network.Machine.Kernels);
        rows.CopyRow(row, pass.BeginRow(rows.ContextLength));
        pass.Forward(network.Weights);
        return pass;
    }
}
