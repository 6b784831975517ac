using Curie.Development.Trajectories;
using Curie.Networks.Architecture;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Development.Tests.Trajectories;

public sealed class TargetLogitsTests
{
    private static readonly TransformerConfig Config = new()
    {
        Layers = 1,
        ModelWidth = 16,
        Heads = 2,
        HeadWidth = 8,
        ContextLength = 9,
        Vocabulary = 2,
    };

    /// <summary>
    /// With two tokens the loss is log(1 + e^(other − target)), and one logit of a vocabulary whose other column and bias are zero is 0:
    /// the target's
    /// logit is then −log(e^loss − 1). Float32 losses of order 1 leave 1e-5.
    /// </summary>
    [Fact]
    public void Logits_agree_with_the_losses_of_two_tokens_of_which_one_has_logit_zero()
    {
        using ParameterSet parameters = new(new ParameterLayout(Config));
        Initialization.Fill(parameters, Kernels.FromEnvironment(), seed: 3);
        for (int k = 0; k < Config.ModelWidth; k++)
        {
            parameters.Matrix(parameters.Layout.Unembedding).Row(k)[0] = 0;
        }

        int[] tokens = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
        using TokenRows rows = new(tokens, 9);
        using Machine machine = Machine.Create(2);
        using TransformerWeights weights = new(parameters, machine);
        using TransformerEvaluator evaluator = new(Config, machine);
        float[] losses = new float[16];
        evaluator.TokenLosses(weights, rows, [0, 1], losses, []);

        TargetLogits all = new(rows, most: 100, seed: 1);
        double[] logits = all.Of(weights, machine);

        Assert.Equal(16, all.Count);
        Assert.All(logits.Zip(losses), pair => Assert.Equal(-Math.Log(Math.Exp(pair.Second) - 1), pair.First, 1e-5));
        double[] some = new TargetLogits(rows, most: 5, seed: 1).Of(weights, machine);
        Assert.Equal(5, some.Length);
        Assert.All(some, logit => Assert.Contains(logit, logits));
    }
}
