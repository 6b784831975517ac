using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    public override void LayerNormForward(
        MatrixView x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon, MatrixView y, Span<float> mean, Span<float> inverseScale) => throw new NotImplementedException();

    public override void LayerNormBackward(
        MatrixView x,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> inverseScale,
        MatrixView dy,
        MatrixView dx,
        Span<float> weightGradient,
        Span<float> biasGradient) => throw new NotImplementedException();
}
