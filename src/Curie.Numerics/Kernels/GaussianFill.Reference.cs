using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    public override void FillGaussian(PhiloxKey key, long step, long firstIndex, Span<float> destination) => throw new NotImplementedException();
}
