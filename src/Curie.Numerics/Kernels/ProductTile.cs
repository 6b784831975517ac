using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <summary>
/// The innermost product of the attention kernels: six rows of C stay in registers while A is broadcast element by element and B is read
/// in vectors. Six rows by two vectors are twelve independent sums: enough to hide the latency of the fused multiply-add, and with the
/// operands they still fit the sixteen registers of AVX2.
/// </summary>
internal static unsafe class ProductTile<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>The columns of a tile of two vectors.</summary>
    public static int Width => 2 * TSimd.Count;

    /// <summary>
    /// C = A·B or C += A·B for six rows and <paramref name="columns"/> columns, a multiple of the vector width.
    /// A(r, k) = a[r·rowStride + k·depthStride], so that a transposed A needs no copy; B(k, j) = b[k·bStride + j].
    /// </summary>
    public static void Multiply(
        float* a,
        nint rowStride,
        nint depthStride,
        float* b,
        nint bStride,
        int depth,
        float* c,
        nint cStride,
        int columns,
        bool accumulate
    )
    {
        int column = 0;
        for (; column + (2 * TSimd.Count) <= columns; column += 2 * TSimd.Count)
        {
            MultiplyTwo(a, rowStride, depthStride, b + column, bStride, depth, c + column, cStride, accumulate);
        }

        if (column < columns)
        {
            MultiplyOne(a, rowStride, depthStride, b + column, bStride, depth, c + column, cStride, accumulate);
        }
    }

    /// <summary>The product of one tile of six rows by two vectors.</summary>
    public static void MultiplyTwo(
        float* a,
        nint rowStride,
        nint depthStride,
        float* b,
        nint bStride,
        int depth,
        float* c,
        nint cStride,
        bool accumulate
    )
    {
        TVector c00 = TSimd.Zero,
            c01 = TSimd.Zero;
        TVector c10 = TSimd.Zero,
            c11 = TSimd.Zero;
        TVector c20 = TSimd.Zero,
            c21 = TSimd.Zero;
        TVector c30 = TSimd.Zero,
            c31 = TSimd.Zero;
        TVector c40 = TSimd.Zero,
            c41 = TSimd.Zero;
        TVector c50 = TSimd.Zero,
            c51 = TSimd.Zero;
        nint row3 = 3 * rowStride;
        nint row5 = 5 * rowStride;
        for (int k = 0; k < depth; k++)
        {
            TVector b0 = TSimd.Load(b);
            TVector b1 = TSimd.Load(b + TSimd.Count);
            TVector a0 = TSimd.Broadcast(*a);
            c00 = TSimd.FusedMultiplyAdd(a0, b0, c00);
            c01 = TSimd.FusedMultiplyAdd(a0, b1, c01);
            TVector a1 = TSimd.Broadcast(*(a + rowStride));
            c10 = TSimd.FusedMultiplyAdd(a1, b0, c10);
            c11 = TSimd.FusedMultiplyAdd(a1, b1, c11);
            TVector a2 = TSimd.Broadcast(*(a + (2 * rowStride)));
            c20 = TSimd.FusedMultiplyAdd(a2, b0, c20);
            c21 = TSimd.FusedMultiplyAdd(a2, b1, c21);
            TVector a3 = TSimd.Broadcast(*(a + row3));
            c30 = TSimd.FusedMultiplyAdd(a3, b0, c30);
            c31 = TSimd.FusedMultiplyAdd(a3, b1, c31);
            TVector a4 = TSimd.Broadcast(*(a + (4 * rowStride)));
            c40 = TSimd.FusedMultiplyAdd(a4, b0, c40);
            c41 = TSimd.FusedMultiplyAdd(a4, b1, c41);
            TVector a5 = TSimd.Broadcast(*(a + row5));
            c50 = TSimd.FusedMultiplyAdd(a5, b0, c50);
            c51 = TSimd.FusedMultiplyAdd(a5, b1, c51);
            a += depthStride;
            b += bStride;
        }

        StoreTwo(c00, c01, c, accumulate);
        StoreTwo(c10, c11, c + cStride, accumulate);
        StoreTwo(c20, c21, c + (2 * cStride), accumulate);
        StoreTwo(c30, c31, c + (3 * cStride), accumulate);
        StoreTwo(c40, c41, c + (4 * cStride), accumulate);
        StoreTwo(c50, c51, c + (5 * cStride), accumulate);
    }

    private static void MultiplyOne(
        float* a,
        nint rowStride,
        nint depthStride,
        float* b,
        nint bStride,
        int depth,
        float* c,
        nint cStride,
        bool accumulate
    )
    {
        TVector c0 = TSimd.Zero;
        TVector c1 = TSimd.Zero;
        TVector c2 = TSimd.Zero;
        TVector c3 = TSimd.Zero;
        TVector c4 = TSimd.Zero;
        TVector c5 = TSimd.Zero;
        for (int k = 0; k < depth; k++)
        {
            TVector b0 = TSimd.Load(b);
            c0 = TSimd.FusedMultiplyAdd(TSimd.Broadcast(*a), b0, c0);
            c1 = TSimd.FusedMultiplyAdd(TSimd.Broadcast(*(a + rowStride)), b0, c1);
            c2 = TSimd.FusedMultiplyAdd(TSimd.Broadcast(*(a + (2 * rowStride))), b0, c2);
            c3 = TSimd.FusedMultiplyAdd(TSimd.Broadcast(*(a + (3 * rowStride))), b0, c3);
            c4 = TSimd.FusedMultiplyAdd(TSimd.Broadcast(*(a + (4 * rowStride))), b0, c4);
            c5 = TSimd.FusedMultiplyAdd(TSimd.Broadcast(*(a + (5 * rowStride))), b0, c5);
            a += depthStride;
            b += bStride;
        }

        StoreOne(c0, c, accumulate);
        StoreOne(c1, c + cStride, accumulate);
        StoreOne(c2, c + (2 * cStride), accumulate);
        StoreOne(c3, c + (3 * cStride), accumulate);
        StoreOne(c4, c + (4 * cStride), accumulate);
        StoreOne(c5, c + (5 * cStride), accumulate);
    }

    private static void StoreTwo(TVector low, TVector high, float* c, bool accumulate)
    {
        StoreOne(low, c, accumulate);
        StoreOne(high, c + TSimd.Count, accumulate);
    }

    private static void StoreOne(TVector sum, float* c, bool accumulate) =>
        TSimd.Store(accumulate ? TSimd.Add(TSimd.Load(c), sum) : sum, c);
}
