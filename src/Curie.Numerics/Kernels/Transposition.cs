using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Curie.Numerics.Kernels;

/// <summary>Copies the transpose of a matrix. The elements keep their bits, so that one implementation serves every vector width.</summary>
internal static unsafe class Transposition
{
    /// <summary>
    /// Source rows that are read side by side: whole lines of the target are written, and the lines read fit the first-level cache.
    /// </summary>
    private const int StripRows = 16;

    /// <summary>target[c·targetStride + r] = source[r·sourceStride + c] for all rows r and columns c.</summary>
    public static void Copy(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride)
    {
        for (int row = 0; row < rows; row += StripRows)
        {
            CopyStrip(source + (row * sourceStride), sourceStride, Math.Min(StripRows, rows - row), columns, target + row, targetStride);
        }
    }

    private static void CopyStrip(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride)
    {
        int squareRows = Sse.IsSupported ? rows / 4 * 4 : 0;
        int squareColumns = Sse.IsSupported ? columns / 4 * 4 : 0;
        for (int column = 0; column < squareColumns; column += 4)
        {
            for (int row = 0; row < squareRows; row += 4)
            {
                CopySquare(source + (row * sourceStride) + column, sourceStride, target + (column * targetStride) + row, targetStride);
            }
        }

        CopyElements(source, sourceStride, squareRows, squareColumns, columns, target, targetStride);
        source += squareRows * sourceStride;
        CopyElements(source, sourceStride, rows - squareRows, 0, columns, target + squareRows, targetStride);
    }

    /// <summary>Columns from <paramref name="firstColumn"/> on, one element at a time.</summary>
    private static void CopyElements(
        float* source,
        nint sourceStride,
        int rows,
        int firstColumn,
        int columns,
        float* target,
        nint targetStride
    )
    {
        for (int column = firstColumn; column < columns; column++)
        {
            for (int row = 0; row < rows; row++)
            {
                target[(column * targetStride) + row] = source[(row * sourceStride) + column];
            }
        }
    }

    /// <summary>Four rows and columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopySquare(float* source, nint sourceStride, float* target, nint targetStride)
    {
        Vector128<float> a = Vector128.Load(source);
        Vector128<float> b = Vector128.Load(source + sourceStride);
        Vector128<float> c = Vector128.Load(source + (2 * sourceStride));
        Vector128<float> d = Vector128.Load(source + (3 * sourceStride));
        Vector128<float> abLow = Sse.UnpackLow(a, b);
        Vector128<float> abHigh = Sse.UnpackHigh(a, b);
        Vector128<float> cdLow = Sse.UnpackLow(c, d);
        Vector128<float> cdHigh = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(abLow, cdLow).Store(target);
        Sse.MoveHighToLow(cdLow, abLow).Store(target + targetStride);
        Sse.MoveLowToHigh(abHigh, cdHigh).Store(target + (2 * targetStride));
        Sse.MoveHighToLow(cdHigh, abHigh).Store(target + (3 * targetStride));
    }
}
