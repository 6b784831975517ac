using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    public override void CrossEntropyForward(
        MatrixView x, PackedMatrix unembed, ReadOnlySpan<float> bias, ReadOnlySpan<int> targets, Span<double> losses, Scratch scratch) => throw new NotImplementedException();

    public override void CrossEntropyBackward(
        MatrixView x,
        PackedMatrix unembed,
        PackedMatrix unembedTransposed,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<int> targets,
        float scale,
        Span<double> losses,
        MatrixView dx,
        MatrixView weightGradient,
        Span<float> biasGradient,
        Scratch scratch) => throw new NotImplementedException();
}
