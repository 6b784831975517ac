using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <summary>How the attention kernels lay out their operands: padded to whole tiles, the padding zero.</summary>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>
    /// A matrix T×e transposed into panels of <see cref="PanelWidth"/> positions, e rows each: position j, element i is at
    /// (j / W)·e·W + i·W + j mod W.
    /// </summary>
    private static float* PackPanels(MatrixView matrix, Scratch.Frame frame)
    {
        int width = PanelWidth;
        int e = matrix.Columns;
        int padded = RoundUp(matrix.Rows, width);
        float* packed = frame.Pointer((long)padded * e);
        for (int first = 0; first < padded; first += width)
        {
            float* panel = packed + ((nint)first * e);
            int present = Math.Min(width, matrix.Rows - first);
            if (present < width)
            {
                new Span<float>(panel, width * e).Clear();
            }

            Transposition.Copy(matrix.RowPointer(first), matrix.Stride, present, e, panel, width);
        }

        return packed;
    }

    /// <summary>The rows of a matrix without gaps, each padded to <paramref name="width"/> elements.</summary>
    private static float* PackRows(MatrixView matrix, int width, Scratch.Frame frame)
    {
        float* packed = frame.Pointer((long)matrix.Rows * width);
        CopyRows(matrix, 1, packed, width, matrix.Rows);
        return packed;
    }

    /// <summary>Room for sums over whole tiles of rows, zeroed.</summary>
    private static float* ZeroRows(int rows, int width, Scratch.Frame frame)
    {
        long length = (long)RoundUp(rows, TileRows) * width;
        float* data = frame.Pointer(length);
        new Span<float>(data, checked((int)length)).Clear();
        return data;
    }

    /// <summary>
    /// factor · the rows of a matrix, then rows of zeros up to <paramref name="rows"/>, each padded with zeros to <paramref name="width"/>.
    /// </summary>
    private static void CopyRows(MatrixView matrix, float factor, float* destination, int width, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            float* row = destination + ((nint)i * width);
            int present = i < matrix.Rows ? matrix.Columns : 0;
            if (present > 0)
            {
                ScaleRow(matrix.RowPointer(i), factor, row, present);
            }

            if (present < width)
            {
                new Span<float>(row + present, width - present).Clear();
            }
        }
    }

    private static void ScaleRow(float* source, float factor, float* destination, int length)
    {
        TVector factors = TSimd.Broadcast(factor);
        int j = 0;
        for (; j + TSimd.Count <= length; j += TSimd.Count)
        {
            TSimd.Store(TSimd.Multiply(TSimd.Load(source + j), factors), destination + j);
        }

        if (j < length)
        {
            TSimd.StorePartial(TSimd.Multiply(TSimd.LoadPartial(source + j, length - j), factors), destination + j, length - j);
        }
    }

    private static float DotRow(float* a, float* b, int length)
    {
        TVector sum = TSimd.Zero;
        int j = 0;
        for (; j + TSimd.Count <= length; j += TSimd.Count)
        {
            sum = TSimd.FusedMultiplyAdd(TSimd.Load(a + j), TSimd.Load(b + j), sum);
        }

        if (j < length)
        {
            sum = TSimd.FusedMultiplyAdd(TSimd.LoadPartial(a + j, length - j), TSimd.LoadPartial(b + j, length - j), sum);
        }

        return TSimd.Sum(sum);
    }

    private static void CheckAttention(MatrixView q, MatrixView k, MatrixView v, MatrixView z, int length)
    {
        CheckShape(k, q.Rows, q.Columns);
        CheckShape(v, q.Rows, q.Columns);
        CheckShape(z, q.Rows, q.Columns);
        CheckLength(length, q.Rows);
    }

    private static void CheckAttentionAt(MatrixView q, ReadOnlySpan<int> positions, MatrixView k, MatrixView v, MatrixView z, int length)
    {
        CheckShape(k, k.Rows, q.Columns);
        CheckShape(v, k.Rows, q.Columns);
        CheckShape(z, q.Rows, q.Columns);
        CheckLength(length, q.Rows);
        CheckLength(positions.Length, q.Rows);
        for (int i = 0, previous = -1; i < positions.Length; previous = positions[i++])
        {
            if (positions[i] <= previous || positions[i] >= k.Rows)
            {
                throw new ArgumentException(
                    $"Query {i} stands at {positions[i]}, after one at {previous}, among {k.Rows} keys.",
                    nameof(positions)
                );
            }
        }
    }
}
