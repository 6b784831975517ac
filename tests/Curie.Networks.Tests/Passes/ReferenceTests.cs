using Curie.Networks.Components;
using Curie.Networks.Files;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Numerics.Files;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Numerics.Simd;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Passes;

/// <summary>
/// Losses and gradients against an independent float64 implementation. The same model in float32 PyTorch differs from it by up to 1.4e-6
/// nats and 2.1e-6 of a parameter's largest gradient (tests/reference/README.md); the tolerances are ten times that.
/// </summary>
public sealed class ReferenceTests
{
    private const double LossTolerance = 1.4e-5;
    private const double GradientTolerance = 2.1e-5;

    public static TheoryData<string, SimdWidth> Cases()
    {
        TheoryData<string, SimdWidth> data = [];
        foreach (string folder in Directory.GetDirectories(Path.Combine(ReferenceData.Root, "transformer")).Order(StringComparer.Ordinal))
        {
            foreach (SimdWidth width in Kernels.SupportedWidths)
            {
                data.Add(Path.GetFileName(folder), width);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Losses_equal_the_float64_reference(string name, SimdWidth width)
    {
        string folder = ReferenceData.Transformer(name);
        using NetworkFixture network = new(Path.Combine(folder, "model"), width, workers: 2);
        using TokenRows rows = TokenRows.Load(Path.Combine(folder, "tokens.npy"), network.Config.Vocabulary, network.Config.ContextLength);
        using NpzReader expected = NpzFile.Open(Path.Combine(folder, "expected.npz"));
        using NpyArray<double> reference = expected.Read<double>("losses");
        float[] losses = new float[rows.Count * (rows.ContextLength - 1)];

        network.Evaluator.TokenLosses(network.Weights, rows, [0, 1, 2], losses, []);

        Assert.Equal(reference.Length, losses.Length);
        for (int i = 0; i < losses.Length; i++)
        {
            Assert.InRange(losses[i] - reference.Span[i], -LossTolerance, LossTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_of_every_parameter_equal_the_float64_reference(string name, SimdWidth width)
    {
        string folder = ReferenceData.Transformer(name);
        using NetworkFixture network = new(Path.Combine(folder, "model"), width, workers: 2);
        using TokenRows rows = TokenRows.Load(Path.Combine(folder, "tokens.npy"));
        using NpzReader expected = NpzFile.Open(Path.Combine(folder, "expected.npz"));
        Component full = network.Component("full");
        float[] gradient = new float[full.Restriction.Dimension];

        double loss = network.Evaluator.LossAndGradient(
            network.Weights,
            rows,
            [0, 1, 2],
            new GradientPlan(network.Layout, full.Restriction),
            gradient
        );

        using NpyArray<double> losses = expected.Read<double>("losses");
        Assert.InRange(loss - losses.ToArray().Average(), -LossTolerance, LossTolerance);
        foreach (ParameterTensor tensor in network.Layout.Tensors)
        {
            if (!expected.Contains("gradient/" + tensor.Name))
            {
                continue;
            }

            using NpyArray<double> reference = expected.Read<double>("gradient/" + tensor.Name);

            // The gradient by b_K is zero in exact arithmetic; what is left is the rounding of terms as large as those of b_Q.
            string scaleName = tensor.Name.Replace("b_K", "b_Q", StringComparison.Ordinal);
            using NpyArray<double> scaleArray = expected.Read<double>("gradient/" + scaleName);
            double tolerance = GradientTolerance * scaleArray.ToArray().Max(Math.Abs);
            for (int i = 0; i < tensor.Length; i++)
            {
                double difference = gradient[tensor.Offset + i] - reference.Span[i];
                Assert.True(
                    Math.Abs(difference) <= tolerance,
                    $"{tensor.Name}[{i}]: {gradient[tensor.Offset + i]} against {reference.Span[i]}, tolerance {tolerance}"
                );
            }
        }
    }
}
