using Curie.Networks.Benchmarking;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;

namespace Curie.Networks.Tests.Benchmarking;

/// <summary>That the measurement counts and measures; how fast a busy machine is cannot be asserted.</summary>
public sealed class ModelBenchmarkTests
{
    // Weights: 2·(2·262,144 + 1,280,000) = 3,608,576; attention: 2 layers · 8 heads · 2 · 32 · 1025 = 1,049,600.
    [Fact]
    public void The_necessary_operations_are_those_counted_by_hand() => Assert.Equal(4_658_176, ModelBenchmark.ForwardOperations);

    [Fact]
    public void Every_pass_is_measured()
    {
        using Machine machine = new(Kernels.For(NetworkFixture.Widest), 1);
        using ModelBenchmark benchmark = new(machine);
        IReadOnlyList<ModelRate> rates = benchmark.Run(milliseconds: 1);
        Assert.Equal(8, rates.Select(rate => rate.Work).Distinct().Count());
        Assert.All(rates, rate => Assert.True(rate.TokensPerSecond > 0 && rate.Peak > 0 && rate.FractionOfPeak > 0, rate.ToString()));
    }
}
