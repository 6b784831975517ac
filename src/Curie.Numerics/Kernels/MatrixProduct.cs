using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Curie.Numerics.Memory;

namespace Curie.Numerics.Kernels;

/// <remarks>
/// Blocked as in Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (2008): a panel of B, DepthBlock × four
/// vectors, stays in the inner caches while the rows of A pass it in register tiles; RowBlock rows of A stay in the second-level cache
/// while the panels pass. A is read in place.
/// </remarks>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <summary>The length of the fused multiply-add chains; longer dot products are sums of blocks.</summary>
    private const int DepthBlock = 256;
    private const int RowBlock = 192;
    private const int MaxTileRows = 6;

    private static int PanelWidth => 4 * TSimd.Count;

    // 32 vector registers: AVX-512 (for the narrower vectors its VL extension), AdvSimd.
    private static bool HasManyRegisters => TSimd.Count == 16 || Avx512F.VL.IsSupported || AdvSimd.IsSupported;

    public override PackedMatrix CreatePacked(int depth, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        return new PackedMatrix(depth, columns, PanelWidth);
    }

    public override void Pack(MatrixView b, PackedMatrix destination, int firstRow = 0, int firstColumn = 0)
    {
        CheckPacked(destination, firstRow, firstColumn, b.Rows, b.Columns);
        int column = 0;
        while (column < b.Columns)
        {
            int panel = (firstColumn + column) / PanelWidth;
            int offset = (firstColumn + column) % PanelWidth;
            int count = Math.Min(PanelWidth - offset, b.Columns - column);
            float* target = destination.Panel(panel) + ((long)firstRow * PanelWidth) + offset;
            CopyRows(b.Data + column, b.Stride, target, PanelWidth, b.Rows, count);
            column += count;
        }
    }

    public override void PackTransposed(MatrixView b, PackedMatrix destination, int firstRow = 0, int firstColumn = 0)
    {
        CheckPacked(destination, firstRow, firstColumn, b.Columns, b.Rows);

        int column = 0;
        while (column < b.Rows)
        {
            int panel = (firstColumn + column) / PanelWidth;
            int offset = (firstColumn + column) % PanelWidth;
            int count = Math.Min(PanelWidth - offset, b.Rows - column);
            float* target = destination.Panel(panel) + ((long)firstRow * PanelWidth) + offset;
            Transposition.Copy(b.RowPointer(column), b.Stride, count, b.Columns, target, PanelWidth);
            column += count;
        }
    }

    public override void Multiply(MatrixView a, PackedMatrix b, MatrixView c, bool accumulate)
    {
        if (a.Columns != b.Depth || a.Rows != c.Rows || b.Columns != c.Columns || b.PanelWidth != PanelWidth)
        {
            throw new ArgumentException(
                $"The product of {a.Rows}×{a.Columns} and {b.Depth}×{b.Columns} (panels of {b.PanelWidth}) does not fit "
                    + $"{c.Rows}×{c.Columns}."
            );
        }

        if (b.Depth == 0 && !accumulate)
        {
            c.Clear();
        }

        for (int row = 0; row < a.Rows; row += RowBlock)
        {
            int rows = Math.Min(RowBlock, a.Rows - row);
            for (int k = 0; k < b.Depth; k += DepthBlock)
            {
                int depth = Math.Min(DepthBlock, b.Depth - k);
                for (int panel = 0; panel < b.Panels; panel++)
                {
                    int column = panel * PanelWidth;
                    MultiplyPanel(
                        a.RowPointer(row) + k,
                        a.Stride,
                        1,
                        rows,
                        b.Panel(panel) + ((long)k * PanelWidth),
                        depth,
                        c.RowPointer(row) + column,
                        c.Stride,
                        Math.Min(PanelWidth, b.Columns - column),
                        accumulate || k > 0
                    );
                }
            }
        }
    }

    public override void MultiplyTransposed(MatrixView a, MatrixView b, MatrixView c, bool accumulate, Scratch scratch)
    {
        if (a.Rows != b.Rows || a.Columns != c.Rows || b.Columns != c.Columns)
        {
            throw new ArgumentException(
                $"The product of the transpose of {a.Rows}×{a.Columns} and {b.Rows}×{b.Columns} does not fit {c.Rows}×{c.Columns}."
            );
        }

        if (a.Rows == 0 && !accumulate)
        {
            c.Clear();
        }

        using Scratch.Frame frame = scratch.Enter();
        float* packed = frame.Pointer(DepthBlock * PanelWidth);
        for (int k = 0; k < a.Rows; k += DepthBlock)
        {
            int depth = Math.Min(DepthBlock, a.Rows - k);
            for (int column = 0; column < b.Columns; column += PanelWidth)
            {
                int columns = Math.Min(PanelWidth, b.Columns - column);
                PackPanel(b.RowPointer(k) + column, b.Stride, packed, depth, columns);
                MultiplyPanel(
                    a.RowPointer(k),
                    1,
                    a.Stride,
                    a.Columns,
                    packed,
                    depth,
                    c.Data + column,
                    c.Stride,
                    columns,
                    accumulate || k > 0
                );
            }
        }
    }

    /// <summary>
    /// All rows of A against one panel of B; the arguments are <see cref="MicroKernel{TSimd,TVector}.Run"/>'s, and the panel has
    /// <paramref name="columns"/> columns that C has.
    /// </summary>
    private static void MultiplyPanel(
        float* a,
        nint rowStride,
        nint depthStride,
        int rows,
        float* panel,
        int depth,
        float* c,
        nint cStride,
        int columns,
        bool accumulate
    )
    {
        int vectors = VectorsFor(columns);
        if (columns == vectors * TSimd.Count)
        {
            MultiplyTiles(a, rowStride, depthStride, rows, panel, depth, c, cStride, vectors, accumulate);
            return;
        }

        float* buffer = stackalloc float[MaxTileRows * PanelWidth];
        for (int row = 0; row < rows; row += MaxTileRows)
        {
            int tileRows = Math.Min(MaxTileRows, rows - row);
            MultiplyTiles(
                a + (row * rowStride),
                rowStride,
                depthStride,
                tileRows,
                panel,
                depth,
                buffer,
                PanelWidth,
                vectors,
                accumulate: false
            );
            CopyTile(buffer, c + (row * cStride), cStride, tileRows, columns, accumulate);
        }
    }

    /// <summary>The vectors of the narrowest tile that has so many columns of a panel.</summary>
    private static int VectorsFor(int columns) =>
        columns <= TSimd.Count ? 1
        : columns <= 2 * TSimd.Count ? 2
        : 4;

    /// <summary>The first one, two or all four <paramref name="vectors"/> of each of a panel's rows.</summary>
    private static void MultiplyTiles(
        float* a,
        nint rowStride,
        nint depthStride,
        int rows,
        float* panel,
        int depth,
        float* c,
        nint cStride,
        int vectors,
        bool accumulate
    )
    {
        int row = 0;
        if (vectors == 1)
        {
            row = RunTiles<Tile6x1>(row, a, rowStride, depthStride, rows, panel, depth, c, cStride, accumulate);
            row = RunTiles<Tile3x1>(row, a, rowStride, depthStride, rows, panel, depth, c, cStride, accumulate);
            RunTiles<Tile1x1>(row, a, rowStride, depthStride, rows, panel, depth, c, cStride, accumulate);
        }
        else if (vectors == 2)
        {
            row = RunTiles<Tile6x2>(row, a, rowStride, depthStride, rows, panel, depth, c, cStride, accumulate);
            row = RunTiles<Tile3x2>(row, a, rowStride, depthStride, rows, panel, depth, c, cStride, accumulate);
            RunTiles<Tile1x2>(row, a, rowStride, depthStride, rows, panel, depth, c, cStride, accumulate);
        }
        else if (HasManyRegisters)
        {
            row = RunTiles<Tile6x4>(row, a, rowStride, depthStride, rows, panel, depth, c, cStride, accumulate);
            row = RunTiles<Tile3x4>(row, a, rowStride, depthStride, rows, panel, depth, c, cStride, accumulate);
            RunTiles<Tile1x4>(row, a, rowStride, depthStride, rows, panel, depth, c, cStride, accumulate);
        }
        else
        {
            int right = 2 * TSimd.Count;
            MultiplyTiles(a, rowStride, depthStride, rows, panel, depth, c, cStride, 2, accumulate);
            MultiplyTiles(a, rowStride, depthStride, rows, panel + right, depth, c + right, cStride, 2, accumulate);
        }
    }

    /// <summary>As many tiles of one shape as fit into the rows from <paramref name="row"/> on; returns the first row left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int RunTiles<TTile>(
        int row,
        float* a,
        nint rowStride,
        nint depthStride,
        int rows,
        float* panel,
        int depth,
        float* c,
        nint cStride,
        bool accumulate
    )
        where TTile : struct, ITile
    {
        for (; row + TTile.Rows <= rows; row += TTile.Rows)
        {
            MicroKernel<TSimd, TVector>.Run<TTile>(
                a + (row * rowStride),
                rowStride,
                depthStride,
                panel,
                depth,
                c + (row * cStride),
                cStride,
                accumulate
            );
        }

        return row;
    }

    /// <summary>Writes or adds the columns of a buffered tile that C has.</summary>
    private static void CopyTile(float* buffer, float* c, nint cStride, int rows, int columns, bool accumulate)
    {
        for (int row = 0; row < rows; row++)
        {
            float* source = buffer + (row * PanelWidth);
            float* target = c + (row * cStride);
            for (int column = 0; column < columns; column += TSimd.Count)
            {
                int count = Math.Min(TSimd.Count, columns - column);
                TVector value = TSimd.Load(source + column);
                if (accumulate)
                {
                    value = TSimd.Add(TSimd.LoadPartial(target + column, count), value);
                }

                TSimd.StorePartial(value, target + column, count);
            }
        }
    }

    /// <summary>Copies a block of B into one panel, with zeros in the columns that B does not have.</summary>
    private static void PackPanel(float* b, long stride, float* panel, int depth, int columns)
    {
        if (columns < PanelWidth)
        {
            new Span<float>(panel, depth * PanelWidth).Clear();
        }

        CopyRows(b, stride, panel, PanelWidth, depth, columns);
    }

    private static void CopyRows(float* source, long sourceStride, float* target, long targetStride, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            float* from = source + (row * sourceStride);
            float* to = target + (row * targetStride);
            int i = 0;
            for (; i + TSimd.Count <= columns; i += TSimd.Count)
            {
                TSimd.Store(TSimd.Load(from + i), to + i);
            }

            if (i < columns)
            {
                TSimd.StorePartial(TSimd.LoadPartial(from + i, columns - i), to + i, columns - i);
            }
        }
    }

    private static void CheckPacked(PackedMatrix destination, int firstRow, int firstColumn, int rows, int columns)
    {
        if (
            firstRow < 0
            || firstColumn < 0
            || firstRow + rows > destination.Depth
            || firstColumn + columns > destination.Columns
            || destination.PanelWidth != PanelWidth
        )
        {
            throw new ArgumentException(
                $"A block of {rows}×{columns} at ({firstRow}, {firstColumn}) does not fit a packed "
                    + $"{destination.Depth}×{destination.Columns} with panels of {destination.PanelWidth}."
            );
        }
    }
}
