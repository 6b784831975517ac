using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <summary>
/// The definition of every kernel: plain loops that follow the equations, float64 inside, no blocking and no vectors. Slow; for tests
/// to compare against and for readers to start from.
/// </summary>
public sealed unsafe partial class ReferenceKernels : Kernels
{
    /// <inheritdoc/>
    public override SimdWidth Width => SimdWidth.Scalar;
}
