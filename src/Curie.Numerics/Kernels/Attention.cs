using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Numerics.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    public override void AttentionForward(
        MatrixView q, MatrixView k, MatrixView v, float scale, MatrixView z, Span<float> logSumExp, Scratch scratch) => throw new NotImplementedException();

    public override void AttentionBackward(
        MatrixView q,
        MatrixView k,
        MatrixView v,
        MatrixView z,
        ReadOnlySpan<float> logSumExp,
        float scale,
        MatrixView dz,
        MatrixView dq,
        MatrixView dk,
        MatrixView dv,
        Scratch scratch) => throw new NotImplementedException();
}
