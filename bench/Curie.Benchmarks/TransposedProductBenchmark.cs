using BenchmarkDotNet.Attributes;
using Curie.Numerics.Memory;

namespace Curie.Benchmarks;

/// <summary>C = Aᵀ·B, the gradient of a weight matrix from the positions of one row of text.</summary>
public class TransposedProductBenchmark : KernelBenchmark
{
    private const int Positions = 1024;
    private MatrixView _a;
    private MatrixView _b;
    private MatrixView _c;

    /// <summary>The columns of B: a projection's, or the vocabulary.</summary>
    [Params(256, 5000)]
    public int Columns { get; set; }

    /// <summary>2·1024·256·columns operations.</summary>
    [Benchmark]
    public void MultiplyTransposed() => Kernel.MultiplyTransposed(_a, _b, _c, accumulate: false, Scratch);

    /// <inheritdoc/>
    protected override void Allocate()
    {
        _a = Matrix(Positions, 256);
        _b = Matrix(Positions, Columns);
        _c = Matrix(256, Columns);
    }
}
