using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <summary>Refusal of shapes that do not fit, before native memory is touched.</summary>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    private static void CheckShape(MatrixView matrix, int rows, int columns)
    {
        if (matrix.Rows != rows || matrix.Columns != columns)
        {
            throw new ArgumentException($"A matrix is {matrix.Rows}×{matrix.Columns} where {rows}×{columns} is needed.");
        }
    }

    private static void CheckLength(int length, int needed)
    {
        if (length != needed)
        {
            throw new ArgumentException($"A vector has {length} elements where {needed} are needed.");
        }
    }

    private static void CheckOptional(MatrixView matrix, int rows, int columns)
    {
        if (matrix.Rows > 0)
        {
            CheckShape(matrix, rows, columns);
        }
    }

    private static void CheckOptional(int length, int needed)
    {
        if (length > 0)
        {
            CheckLength(length, needed);
        }
    }
}
