using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <summary>The kernels for one vector width, written once and compiled per width. One operation a file.</summary>
internal sealed unsafe partial class SimdKernels<TSimd, TVector> : Kernels
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <inheritdoc/>
    public override SimdWidth Width => (SimdWidth)(32 * TSimd.Count);
}
