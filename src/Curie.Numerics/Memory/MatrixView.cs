using System.Runtime.CompilerServices;

namespace Curie.Numerics.Memory;

/// <summary>
/// A row-major float32 matrix in memory that somebody else owns: element (i, j) is at <c>Data[i·Stride + j]</c>.
/// The view is valid as long as its owner is.
/// </summary>
public readonly unsafe struct MatrixView
{
    /// <summary>The first element.</summary>
    public readonly float* Data;

    /// <summary>The number of rows.</summary>
    public readonly int Rows;

    /// <summary>The number of columns.</summary>
    public readonly int Columns;

    /// <summary>The distance between the starts of two consecutive rows, in elements; at least <see cref="Columns"/>.</summary>
    public readonly int Stride;

    /// <summary>A view of a matrix whose rows are <paramref name="stride"/> elements apart.</summary>
    public MatrixView(float* data, int rows, int columns, int stride)
    {
        Data = data;
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    /// <summary>A view of a matrix without gaps between its rows.</summary>
    public MatrixView(float* data, int rows, int columns)
        : this(data, rows, columns, columns) { }

    /// <summary>Row <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<float> Row(int index) => new(Data + ((long)index * Stride), Columns);

    /// <summary>The address of row <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* RowPointer(int index) => Data + ((long)index * Stride);

    /// <summary><paramref name="count"/> rows from <paramref name="start"/>.</summary>
    public MatrixView RowRange(int start, int count) => new(RowPointer(start), count, Columns, Stride);

    /// <summary><paramref name="count"/> columns from <paramref name="start"/>.</summary>
    public MatrixView ColumnRange(int start, int count) => new(Data + start, Rows, count, Stride);

    /// <summary>Whether the elements are one span: there are no gaps between rows, and no more than 2³¹ − 1 elements.</summary>
    public bool IsContiguous => Stride == Columns && (long)Rows * Columns <= int.MaxValue;

    /// <summary>The elements of the first so many rows of a matrix that <see cref="IsContiguous"/>.</summary>
    public Span<float> Elements(int rows) => new(Data, checked(rows * Columns));

    /// <summary>Sets every element to zero.</summary>
    public void Clear()
    {
        if (IsContiguous)
        {
            Elements(Rows).Clear();
            return;
        }

        for (int i = 0; i < Rows; i++)
        {
            Row(i).Clear();
        }
    }
}
