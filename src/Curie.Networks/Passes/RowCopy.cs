using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;

namespace Curie.Networks.Passes;

/// <summary>Copies and sums of matrix rows.</summary>
internal static class RowCopy
{
    /// <summary>y_i = x_i for every row of y.</summary>
    public static void All(MatrixView x, MatrixView y)
    {
        if (x.IsContiguous && y.IsContiguous)
        {
            x.Elements(y.Rows).CopyTo(y.Elements(y.Rows));
            return;
        }

        for (int i = 0; i < y.Rows; i++)
        {
            x.Row(i).CopyTo(y.Row(i));
        }
    }

    /// <summary>y_i += x_i for every row of y.</summary>
    public static void Add(Kernels kernels, MatrixView x, MatrixView y)
    {
        if (x.IsContiguous && y.IsContiguous)
        {
            kernels.Add(x.Elements(y.Rows), y.Elements(y.Rows));
            return;
        }

        for (int i = 0; i < y.Rows; i++)
        {
            kernels.Add(x.Row(i), y.Row(i));
        }
    }

    /// <summary>y_i = x at row positions_i.</summary>
    public static void Gather(MatrixView x, ReadOnlySpan<int> positions, MatrixView y)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            x.Row(positions[i]).CopyTo(y.Row(i));
        }
    }

    /// <summary>y at row positions_i = x_i.</summary>
    public static void Scatter(MatrixView x, ReadOnlySpan<int> positions, MatrixView y)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            x.Row(i).CopyTo(y.Row(positions[i]));
        }
    }
}
