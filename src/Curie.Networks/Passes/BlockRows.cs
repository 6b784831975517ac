using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>The rows that pass through a block: sequences of one length below each other, and which rows go on behind attention.</summary>
/// <param name="Count">n, the rows of all sequences.</param>
/// <param name="Length">The rows of one sequence.</param>
/// <param name="Stride">Every so-many-th row goes on, the first among them; 1 for all.</param>
internal readonly unsafe record struct BlockRows(int Count, int Length, int Stride)
{
    /// <summary>m, the rows behind attention.</summary>
    public int Behind => Count / Stride;

    /// <summary>Of n rows, those that go on.</summary>
    public MatrixView Every(MatrixView x) => new(x.Data, x.Rows / Stride, x.Columns, x.Stride * Stride);
}
