using Curie.Networks.Archives;
using Curie.Networks.Components;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Models.Families;
using Curie.Networks.Parameters;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Models;

/// <summary>
/// Small models of every family as their own libraries wrote them, against what those libraries compute: losses and gradients in float64
/// from the stored weights.
/// </summary>
public sealed class FamilyTests
{
    // Curie computes in float32: losses of about 5 nats over rows of 32 to 64 tokens come out within a few 1e-6, gradients within some 1e-6
    // of a tensor's largest. The libraries' own rotary tables and RMS norms are float32.
    private const double LossTolerance = 1e-4;
    private const double GradientTolerance = 1e-4;

    // The library's embedding gives its padding token no gradient, although the token is in the rows and its embedding changes the loss.
    private const int OptPadding = 1;

    // Their files lack b_Q and b_V, although bias is true and the losses were computed with them: 156 losses determine 128 biases to 1e-10,
    // which nanogpt-biases holds.
    private const string Completed = "../nanogpt-biases";

    public static TheoryData<string> All => [.. ModelFixtures.Complete.Append(Completed)];

    public static TheoryData<string> WithoutBiases => [.. ModelFixtures.Incomplete];

    public static TheoryData<string> WithGradients => [.. ModelFixtures.Names.Where(name => File.Exists(Gradients(name)))];

    [Theory]
    [MemberData(nameof(All))]
    public void Losses_are_those_of_the_library(string name)
    {
        using NetworkFixture fixture = new(ModelFixtures.Folder(name), NetworkFixture.Widest, workers: 2);
        using TokenRows rows = Rows(name, fixture);
        float[] losses = new float[rows.Count * (rows.ContextLength - 1)];

        fixture.Evaluator.TokenLosses(fixture.Weights, rows, [.. Enumerable.Range(0, rows.Count)], losses, []);

        using NpyArray<double> expected = NpyFile.Read<double>(Path.Combine(ModelFixtures.Folder(name), "losses.npy"));
        for (int i = 0; i < losses.Length; i++)
        {
            Assert.InRange(losses[i] - expected.Span[i], -LossTolerance, LossTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(WithGradients))]
    public void Gradients_of_every_tensor_are_those_of_the_library(string name)
    {
        using NetworkFixture fixture = new(ModelFixtures.Folder(name), NetworkFixture.Widest, workers: 2);
        using TokenRows rows = Rows(name, fixture);
        using ITensorArchive weights = TensorArchive.Open(ModelFixtures.Folder(name));
        using ITensorArchive stored = TensorArchive.Open(Gradients(name));
        FamilyModel model = ModelFamilies.Describe(ConfigReader.Of(weights.Configuration!, weights.ConfigurationSource), stored);
        using ParameterSet expected = new(fixture.Layout);
        new WeightReader(stored, model).Fill(expected);
        using ParameterSet gradient = new(fixture.Layout);

        fixture.Evaluator.LossAndGradient(
            fixture.Weights,
            rows,
            [.. Enumerable.Range(0, rows.Count)],
            new GradientPlan(fixture.Layout, new Restriction([new ParameterSegment(0, fixture.Layout.Length)])),
            gradient.Values
        );

        // The score of every key moves alike with b_K, so that its gradient is 0 but for rounding: small beside those of the network.
        double rounding = 1e-7 * expected.Values.ToArray().Max(Math.Abs);
        foreach (ParameterTensor tensor in fixture.Layout.Tensors.Where(tensor => tensor.Length > 0))
        {
            double largest = expected[tensor].ToArray().Max(Math.Abs);
            for (int i = 0; i < tensor.Length; i++)
            {
                if (name == "opt" && tensor == fixture.Layout.TokenEmbedding && i / fixture.Config.ModelWidth == OptPadding)
                {
                    continue;
                }

                double difference = Math.Abs(gradient[tensor][i] - expected[tensor][i]);
                Assert.True(
                    difference <= (GradientTolerance * largest) + rounding,
                    $"{tensor.Name}[{i}]: {gradient[tensor][i]}, not {expected[tensor][i]}; the largest is {largest}"
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(WithoutBiases))]
    public void A_checkpoint_without_the_biases_that_its_configuration_promises_is_refused(string name)
    {
        InputException error = Assert.Throws<InputException>(() => ModelReader.Load(ModelFixtures.Folder(name)));

        Assert.Contains("the tensor transformer.h.0.attn.c_attn.bias is missing", error.Message, StringComparison.Ordinal);
    }

    private static string Gradients(string name) => Path.Combine(ModelFixtures.Folder(name), "gradients.safetensors");

    private static TokenRows Rows(string name, NetworkFixture fixture) =>
        TokenRows.Load(Path.Combine(ModelFixtures.Folder(name), "tokens.npy"), fixture.Config.Vocabulary, fixture.Config.ContextLength);
}
