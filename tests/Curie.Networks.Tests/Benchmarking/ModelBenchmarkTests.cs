using Curie.Networks.Benchmarking;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Tests.Models;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Tests.Benchmarking;

/// <summary>That the measurement counts and measures; how fast a busy machine is cannot be asserted.</summary>
public sealed class ModelBenchmarkTests
{
    // Weights: 2·(2·262,144 + 1,280,000) = 3,608,576; attention: 2 layers · 8 heads · 2 · 32 · 1025 = 1,049,600.
    [Fact]
    public void The_necessary_operations_are_those_counted_by_hand()
    {
        using Machine machine = new(Kernels.For(NetworkFixture.Widest), 1);
        using ParameterSet model = ModelBenchmark.ReferenceModel(machine.Kernels);
        using ModelBenchmark benchmark = new(model, machine);
        Assert.Equal(4_658_176, benchmark.ForwardOperations);
    }

    [Fact]
    public void Every_pass_is_measured()
    {
        using Machine machine = new(Kernels.For(NetworkFixture.Widest), 1);
        using ParameterSet model = ModelBenchmark.ReferenceModel(machine.Kernels);
        using ModelBenchmark benchmark = new(model, machine);
        ModelRate[] rates = [.. benchmark.Run(milliseconds: 1), benchmark.RunTraining(milliseconds: 1)];
        Assert.Equal(16, rates.Select(rate => rate.Work).Distinct().Count());
        Assert.All(rates, rate => Assert.True(rate.TokensPerSecond > 0 && rate.Peak > 0 && rate.FractionOfPeak > 0, rate.ToString()));
    }

    // Per-token losses; 4 of the last layer's heads or groups of heads and of the first's, 2 where they do not go in
    // lockstep; 2 each of an MLP where there is one, a layer, an unembedding or what it is tied to, and the whole.
    [Theory]
    [InlineData("llama-gqa", 17)]
    [InlineData("gpt2", 17)]
    [InlineData("tl-attn-only-shortformer", 15)]
    [InlineData("tl-bidirectional", 11)]
    public void Any_model_is_measured_by_the_kinds_of_its_components(string fixture, int passes)
    {
        using Machine machine = new(Kernels.For(NetworkFixture.Widest), 1);
        using ParameterSet model = ModelReader.Load(ModelFixtures.Folder(fixture));
        using ModelBenchmark benchmark = new(model, machine);
        IReadOnlyList<ModelRate> rates = benchmark.Run(milliseconds: 1);
        Assert.Equal(passes, rates.Select(rate => rate.Work).Distinct().Count());
    }
}
