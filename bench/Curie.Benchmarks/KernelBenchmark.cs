using BenchmarkDotNet.Attributes;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Simd;

namespace Curie.Benchmarks;

/// <summary>What every benchmark of a kernel shares: one vector width at a time, one thread, operands in native memory.</summary>
public abstract class KernelBenchmark
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>The widths that this processor has.</summary>
    public static IEnumerable<SimdWidth> Widths => Kernels.SupportedWidths;

    /// <summary>The vector width of the kernels that are measured.</summary>
    [ParamsSource(nameof(Widths))]
    public SimdWidth Width { get; set; }

    /// <summary>The kernels of that width.</summary>
    protected Kernels Kernel { get; private set; } = null!;

    /// <summary>Working memory.</summary>
    protected Scratch Scratch { get; private set; } = null!;

    /// <summary>Prepares the operands.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        Kernel = Kernels.For(Width);
        Scratch = Own(new Scratch());
        Allocate();
    }

    /// <summary>Gives the operands back.</summary>
    [GlobalCleanup]
    public void Release()
    {
        _owned.ForEach(owned => owned.Dispose());
        _owned.Clear();
    }

    /// <summary>Makes the operands.</summary>
    protected abstract void Allocate();

    /// <summary>A matrix of small numbers of both signs.</summary>
    protected unsafe MatrixView Matrix(int rows, int columns)
    {
        AlignedBuffer<float> buffer = Own(new AlignedBuffer<float>((long)rows * columns));
        for (long i = 0; i < buffer.Length; i++)
        {
            buffer.Pointer[i] = ((i * 2654435761 % 2048) - 1024) / 16384f;
        }

        return new MatrixView(buffer.Pointer, rows, columns);
    }

    /// <summary>A vector of small numbers of both signs.</summary>
    protected AlignedBuffer<float> Vector(int length)
    {
        AlignedBuffer<float> buffer = Own(new AlignedBuffer<float>(length));
        Matrix(1, length).Row(0).CopyTo(buffer.Span);
        return buffer;
    }

    /// <summary>A matrix, packed as the right-hand side of a product.</summary>
    protected PackedMatrix Packed(MatrixView matrix)
    {
        PackedMatrix packed = Own(Kernel.CreatePacked(matrix.Rows, matrix.Columns));
        Kernel.Pack(matrix, packed);
        return packed;
    }

    /// <summary>A matrix's transpose, packed as the right-hand side of a product.</summary>
    protected PackedMatrix PackedTransposed(MatrixView matrix)
    {
        PackedMatrix packed = Own(Kernel.CreatePacked(matrix.Columns, matrix.Rows));
        Kernel.PackTransposed(matrix, packed);
        return packed;
    }

    /// <summary>Disposes of <paramref name="owned"/> after the measurement.</summary>
    protected TOwned Own<TOwned>(TOwned owned)
        where TOwned : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
