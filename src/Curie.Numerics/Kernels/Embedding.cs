using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Numerics.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    public override void Gather(MatrixView table, ReadOnlySpan<int> tokens, MatrixView y) => throw new NotImplementedException();

    public override void ScatterAdd(MatrixView dy, ReadOnlySpan<int> tokens, MatrixView tableGradient) => throw new NotImplementedException();
}
