using Curie.Cli.Reports;
using Curie.Networks.Benchmarking;
using Curie.Numerics.Benchmarking;
using Curie.Numerics.Simd;

namespace Curie.Cli.Tests.Reports;

public sealed class BenchViewTests
{
    [Fact]
    public void Every_measurement_stands_in_one_table_with_its_share_of_the_peak()
    {
        BenchResults[] results = [Results(1, 280), Results(2, 550)];
        using StringWriter output = new();
        BenchView.Draw(ReportConsole.Create(output), "A processor", SimdWidth.Bits512, results);
        string text = output.ToString();
        Assert.Contains("A processor, 512-bit vectors", text, StringComparison.Ordinal);
        Assert.Matches(@"fused multiply-add .* 280\.0 +100\.0 +550\.0 +100\.0", text);
        Assert.Matches(@"A·B +8192×256×256 +140\.0 +50\.0 +275\.0 +50\.0", text);
        Assert.Matches(@"SGLD update +4 parameters +6\.500 +1\.250 +6\.500 +1\.250", text);
        Assert.Matches(@"training step +2 rows × 1024 +12345 +25\.0 +12345 +25\.0", text);
    }

    [Fact]
    public void Json_gives_rates_in_full()
    {
        var json = BenchView.ToJson(Results(2, 550));
        Assert.Equal(550, json["peak_gflops"]!.GetValue<double>());
        Assert.Equal(0.5, json["kernels"]![0]!["fraction_of_peak"]!.GetValue<double>());
        Assert.Equal(1.25e9, json["memory"]![0]!["elements_per_second"]!.GetValue<double>());
        Assert.Equal(12345, json["model"]![0]!["tokens_per_second"]!.GetValue<double>());
    }

    private static BenchResults Results(int threads, double peak) =>
        new()
        {
            Threads = threads,
            ModelName = "a model",
            RowLength = 1024,
            Kernels = [new KernelRate("A·B", "8192×256×256", threads, peak / 2, peak, 0.5)],
            Memory = [new MemoryRate("SGLD update", "4 parameters", threads, 1.25, 6.5)],
            Model = [new ModelRate("training step", threads, 12345, 1e6, peak, 0.25)],
        };

    [Fact]
    public void A_model_alone_is_shown_without_kernels()
    {
        BenchResults[] results = [Results(1, 280) with { Kernels = [], Memory = [] }];
        using StringWriter output = new();
        BenchView.Draw(ReportConsole.Create(output), "A processor", SimdWidth.Bits512, results);
        string text = output.ToString();
        Assert.Matches(@"fused multiply-add .* 280\.0 +100\.0", text);
        Assert.Contains("a model", text, StringComparison.Ordinal);
        Assert.DoesNotContain("memory-bound", text, StringComparison.Ordinal);
        Assert.DoesNotContain("M×N×K", text, StringComparison.Ordinal);
    }
}
