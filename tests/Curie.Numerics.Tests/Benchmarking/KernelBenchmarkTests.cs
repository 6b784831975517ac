using Curie.Numerics.Benchmarking;
using Curie.Numerics.Parallelism;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Benchmarking;

/// <summary>That the measurements measure something; how fast a busy machine is cannot be asserted.</summary>
public sealed class KernelBenchmarkTests
{
    [Fact]
    public void The_peak_is_above_one_operation_per_nanosecond_and_below_any_processor()
    {
        using WorkerPool pool = new(1);
        double peak = MachinePeak.Measure(KernelSet.SupportedWidths[^1], pool, milliseconds: 5);
        Assert.InRange(peak, 1, 1000);
    }

    [Fact]
    public void Every_kernel_is_measured_once_with_a_rate_and_a_peak()
    {
        using Machine machine = new(KernelSet.For(KernelSet.SupportedWidths[^1]), 1);
        using KernelBenchmark benchmark = new(machine, milliseconds: 1);
        IReadOnlyList<KernelRate> rates = benchmark.Run();
        Assert.Equal(9, rates.Select(rate => (rate.Kernel, rate.Shape)).Distinct().Count());
        Assert.Equal(9, rates.Count);
        Assert.All(rates, rate =>
        {
            Assert.True(rate.GigaflopsPerSecond > 0 && rate.Peak > 0 && rate.FractionOfPeak > 0, rate.ToString());
            Assert.Equal(1, rate.Threads);
        });
    }

    [Fact]
    public void Every_kernel_that_memory_bounds_is_measured_once()
    {
        using Machine machine = new(KernelSet.For(KernelSet.SupportedWidths[^1]), 1);
        using KernelBenchmark benchmark = new(machine, milliseconds: 1);
        IReadOnlyList<MemoryRate> rates = benchmark.RunMemoryBound();
        Assert.Equal(3, rates.Select(rate => rate.Kernel).Distinct().Count());
        Assert.All(rates, rate =>
            Assert.True(rate.ElementsPerSecond > 0 && rate.GigabytesPerSecond > rate.ElementsPerSecond, rate.ToString())
        );
    }
}
