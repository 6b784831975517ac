using Curie.Numerics.Memory;
using Curie.Numerics.Random;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    public override PackedMatrix CreatePacked(int depth, int columns) => throw new NotImplementedException();

    public override void Pack(MatrixView b, PackedMatrix destination, int firstRow = 0, int firstColumn = 0) => throw new NotImplementedException();

    public override void PackTransposed(MatrixView b, PackedMatrix destination, int firstRow = 0, int firstColumn = 0) => throw new NotImplementedException();

    public override void Multiply(MatrixView a, PackedMatrix b, MatrixView c, bool accumulate) => throw new NotImplementedException();

    public override void MultiplyTransposed(MatrixView a, MatrixView b, MatrixView c, bool accumulate, Scratch scratch) => throw new NotImplementedException();
}
