using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Regression;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Regression;

public sealed class RegressionPassTests
{
    /// <summary>
    /// Predictions are of order 1 and pass through some ten float32 sums of a hundred terms: 100·ε₃₂ with ε₃₂ = 6e-8, and as much again.
    /// </summary>
    private const double PredictionTolerance = 1.2e-5;

    /// <summary>
    /// Relative to the largest element of a tensor's gradient. Float32 sums over some hundred positions are good to 1e-5; central
    /// differences in float64
    /// with step 1e-5 add 1e-9. The smallest wrong term, a missing residual or mask, changes gradients by more than a hundredth.
    /// </summary>
    private const double GradientTolerance = 5e-5;

    [Fact]
    public void The_published_network_has_51717_parameters()
    {
        using ParameterSet model = RegressionArchitecture.Published.CreateModel(new RegressionTask());

        Assert.Equal(51_717, model.Layout.Length);
        Assert.Equal(51_717, model.Layout.Tensors.Sum(tensor => tensor.Length));
        Assert.DoesNotContain(model.Layout.Tensors, tensor => tensor.Name.Contains("attn.b_", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Predictions_and_loss_equal_the_float64_implementation(bool doubleResidual)
    {
        RegressionArchitecture shape = RegressionArchitecture.Published with { DoubleResidual = doubleResidual };
        using RegressionFixture network = new(new RegressionTask(), shape, sequences: 19);
        IndependentRegression truth = new(network.Model, doubleResidual);

        float[] predictions = network.Predictions();
        double loss = network.Evaluator.MeanLoss(network.Weights, network.Batch);

        for (int s = 0; s < network.Batch.Count; s++)
        {
            double[] targets = Array.ConvertAll(network.Batch.Targets(s).ToArray(), value => (double)value);
            double[] expected = truth.Predict(IndependentRegression.Inputs(network.Batch, s), targets);
            for (int k = 0; k < expected.Length; k++)
            {
                Assert.InRange(predictions[(s * expected.Length) + k] - expected[k], -PredictionTolerance, PredictionTolerance);
            }
        }

        Assert.InRange((loss / truth.Loss(network.Batch)) - 1, -PredictionTolerance, PredictionTolerance);
    }

    [Fact]
    public void The_double_residual_changes_predictions()
    {
        using RegressionFixture doubled = new(RegressionFixture.SmallTask, RegressionFixture.SmallShape, sequences: 2);
        using RegressionFixture single = new(
            RegressionFixture.SmallTask,
            RegressionFixture.SmallShape with
            {
                DoubleResidual = false,
            },
            sequences: 2
        );

        Assert.NotEqual(doubled.Predictions(), single.Predictions());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradients_equal_central_differences_of_the_float64_implementation(bool doubleResidual)
    {
        const double step = 1e-5;
        using RegressionFixture network = new(
            RegressionFixture.SmallTask,
            RegressionFixture.SmallShape with
            {
                DoubleResidual = doubleResidual,
            },
            sequences: 18
        );
        IndependentRegression truth = new(network.Model, doubleResidual);
        float[] gradient = network.Gradient("full").Gradient;

        foreach (ParameterTensor tensor in network.Layout.Tensors)
        {
            double[] weights = truth[tensor.Name];
            double[] expected = new double[weights.Length];
            int stride = Math.Max(1, weights.Length / 24);
            for (int i = 0; i < weights.Length; i += stride)
            {
                double origin = weights[i];
                weights[i] = origin + step;
                double above = truth.Loss(network.Batch);
                weights[i] = origin - step;
                expected[i] = (above - truth.Loss(network.Batch)) / (2 * step);
                weights[i] = origin;
            }

            double scale = Enumerable.Range(0, weights.Length).Max(i => Math.Abs(gradient[tensor.Offset + i]));
            for (int i = 0; i < weights.Length; i += stride)
            {
                double error = Math.Abs(gradient[tensor.Offset + i] - expected[i]);
                Assert.True(
                    error <= GradientTolerance * scale,
                    $"{tensor.Name}[{i}]: {gradient[tensor.Offset + i]} and not {expected[i]} (largest {scale})"
                );
            }
        }
    }

    [Fact]
    public void Outputs_that_are_no_prediction_have_no_gradient()
    {
        using RegressionFixture network = new(RegressionFixture.SmallTask, RegressionFixture.SmallShape, sequences: 5);
        float[] gradient = network.Gradient("full").Gradient;
        ParameterTensor unembed = network.Layout.Unembedding;

        for (int i = 0; i < unembed.Length; i++)
        {
            Assert.Equal(i % 3 == 0, gradient[unembed.Offset + i] != 0);
        }
    }

    [Theory]
    [InlineData("l0h1")]
    [InlineData("l1h2+l0h0")]
    [InlineData("l0.attn")]
    [InlineData("l1.mlp")]
    [InlineData("l0.ln1")]
    [InlineData("l1.ln2")]
    [InlineData("l1")]
    [InlineData("embed")]
    [InlineData("pos_embed")]
    [InlineData("ln_final")]
    [InlineData("unembed")]
    public void A_components_gradient_is_its_part_of_the_whole_gradient(string component)
    {
        using RegressionFixture network = new(RegressionFixture.SmallTask, RegressionFixture.SmallShape, sequences: 40);
        (double loss, float[] whole) = network.Gradient("full");
        Restriction restriction = new ComponentParser(network.Layout).Parse(component).Restriction;

        (double partLoss, float[] part) = network.Gradient(component);

        Assert.Equal(loss, partLoss);
        Assert.Equal([.. restriction.Segments.SelectMany(segment => whole[segment.Start..segment.End])], part);
    }

    [Fact]
    public void Results_have_the_same_bits_for_every_number_of_threads()
    {
        using RegressionFixture one = new(new RegressionTask(), RegressionArchitecture.Published, sequences: 150, workers: 1);
        using RegressionFixture three = new(new RegressionTask(), RegressionArchitecture.Published, sequences: 150, workers: 3);

        (double lossOfOne, float[] gradientOfOne) = one.Gradient("full");
        (double lossOfThree, float[] gradientOfThree) = three.Gradient("full");

        Assert.Equal(lossOfOne, lossOfThree);
        Assert.Equal(gradientOfOne, gradientOfThree);
        Assert.Equal(one.Predictions(), three.Predictions());
    }

    [Fact]
    public void Attention_probabilities_sum_to_one_and_see_no_later_key()
    {
        using RegressionFixture network = new(RegressionFixture.SmallTask, RegressionFixture.SmallShape, sequences: 17);
        int tokens = RegressionFixture.SmallTask.Tokens;
        float[] probabilities = new float[17 * 3 * tokens * tokens];

        RegressionOutputs.Attention(network.Evaluator, network.Weights, network.Batch, layer: 1, probabilities);

        for (int row = 0; row < probabilities.Length / tokens; row++)
        {
            float[] shares = probabilities[(row * tokens)..((row + 1) * tokens)];
            Assert.Equal(1, shares.Sum(share => (double)share), 1e-5);
            Assert.All(shares.Skip((row % tokens) + 1), share => Assert.Equal(0, share));
        }
    }

    [Fact]
    public void A_network_of_vectors_takes_no_rows_of_tokens_and_no_sequences_of_another_task()
    {
        using RegressionFixture network = new(RegressionFixture.SmallTask, RegressionFixture.SmallShape, sequences: 1);
        using RegressionBatch longer = new(RegressionFixture.SmallTask with { Examples = 4 }, 1);
        using TokenRows tokens = new(new int[4], 4);

        Assert.Throws<ArgumentException>(() => new RowPass(network.Layout.Config, network.Machine.Kernels));
        Assert.Throws<ArgumentException>(() => network.Evaluator.MeanLoss(network.Weights, tokens, [0]));
        Assert.Throws<ArgumentException>(() => network.Evaluator.MeanLoss(network.Weights, longer));
    }
}
