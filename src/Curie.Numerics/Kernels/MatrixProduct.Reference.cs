using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    /// <summary>One column a panel: the simplest layout, B transposed.</summary>
    /// <inheritdoc/>
    public override PackedMatrix CreatePacked(int depth, int columns) => new(depth, columns, panelWidth: 1);

    /// <inheritdoc/>
    public override void Pack(MatrixView b, PackedMatrix destination, int firstRow = 0, int firstColumn = 0)
    {
        for (int i = 0; i < b.Rows; i++)
        {
            for (int j = 0; j < b.Columns; j++)
            {
                destination.Panel(firstColumn + j)[firstRow + i] = b.Row(i)[j];
            }
        }
    }

    /// <inheritdoc/>
    public override void PackTransposed(MatrixView b, PackedMatrix destination, int firstRow = 0, int firstColumn = 0)
    {
        for (int i = 0; i < b.Rows; i++)
        {
            for (int j = 0; j < b.Columns; j++)
            {
                destination.Panel(firstColumn + i)[firstRow + j] = b.Row(i)[j];
            }
        }
    }

    /// <inheritdoc/>
    public override void Multiply(MatrixView a, PackedMatrix b, MatrixView c, bool accumulate)
    {
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < b.Columns; j++)
            {
                double sum = accumulate ? c.Row(i)[j] : 0;
                for (int k = 0; k < b.Depth; k++)
                {
                    sum += (double)a.Row(i)[k] * b.Panel(j)[k];
                }

                c.Row(i)[j] = (float)sum;
            }
        }
    }

    /// <inheritdoc/>
    public override void MultiplyTransposed(MatrixView a, MatrixView b, MatrixView c, bool accumulate, Scratch scratch)
    {
        for (int i = 0; i < a.Columns; i++)
        {
            for (int j = 0; j < b.Columns; j++)
            {
                double sum = accumulate ? c.Row(i)[j] : 0;
                for (int k = 0; k < a.Rows; k++)
                {
                    sum += (double)a.Row(k)[i] * b.Row(k)[j];
                }

                c.Row(i)[j] = (float)sum;
            }
        }
    }
}
