using BenchmarkDotNet.Attributes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Benchmarks;

/// <summary>C = A·B at the shapes of a model of width 256: projections of eight rows and of one row of text, and the unembedding.</summary>
public class MatrixProductBenchmark : KernelBenchmark
{
    private MatrixView _a;
    private PackedMatrix _b = null!;
    private MatrixView _c;

    /// <summary>Rows × columns × depth.</summary>
    [Params("8192x256x256", "2048x5000x256", "1024x256x256")]
    public string Shape { get; set; } = "";

    /// <summary>2·rows·columns·depth operations.</summary>
    [Benchmark]
    public void Multiply() => Kernel.Multiply(_a, _b, _c, accumulate: false);

    /// <inheritdoc/>
    protected override void Allocate()
    {
        int[] sizes = [.. Shape.Split('x').Select(int.Parse)];
        _a = Matrix(sizes[0], sizes[2]);
        _b = Packed(Matrix(sizes[2], sizes[1]));
        _c = Matrix(sizes[0], sizes[1]);
    }
}
