using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    public override void AdamWUpdate(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> firstMoment, Span<float> secondMoment, AdamWOptions options, long step) => throw new NotImplementedException();

    public override void SgldUpdate(
        Span<float> w, ReadOnlySpan<float> gradient, ReadOnlySpan<float> origin, SgldOptions options, PhiloxKey noise, long step, long firstIndex) => throw new NotImplementedException();
}
