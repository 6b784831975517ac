using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Numerics.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    public override void ActivationForward(Activation activation, MatrixView x, MatrixView y) => throw new NotImplementedException();

    public override void ActivationBackward(Activation activation, MatrixView x, MatrixView dy, MatrixView dx) => throw new NotImplementedException();

    public override void Add(ReadOnlySpan<float> x, Span<float> y) => throw new NotImplementedException();

    public override void AddRow(ReadOnlySpan<float> row, MatrixView y) => throw new NotImplementedException();

    public override void AddColumnSums(MatrixView x, Span<float> sums) => throw new NotImplementedException();
}
