using Curie.Numerics.Kernels;
using Curie.Numerics.Simd;
using KernelSet = Curie.Numerics.Kernels.Kernels;

namespace Curie.Numerics.Tests.Kernels;

/// <summary>The kernels of every width that this processor has, and the reference they are compared with.</summary>
internal static class KernelsUnderTest
{
    /// <summary>Half the distance between 1 and the next float32: the relative error of one rounding.</summary>
    public const double UnitRoundoff = 1.0 / (1 << 24);

    public static ReferenceKernels Reference { get; } = new();

    public static IReadOnlyList<SimdWidth> Widths => KernelSet.SupportedWidths;

    public static KernelSet For(SimdWidth width) => KernelSet.For(width);

    /// <summary>The managed bytes that an operation allocates once it has run.</summary>
    public static long AllocatedBytes(Action operation)
    {
        operation();
        operation();
        long before = GC.GetAllocatedBytesForCurrentThread();
        operation();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
