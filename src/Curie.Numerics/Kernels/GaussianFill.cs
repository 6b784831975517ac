using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Numerics.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    public override void FillGaussian(PhiloxKey key, long step, long firstIndex, Span<float> destination) => throw new NotImplementedException();
}
