using System.Runtime.CompilerServices;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <summary>
/// The innermost loop of every matrix product: C (rows × panel) = or += A (rows × depth) · B (depth × panel), the whole of C in
/// registers. Each element is one chain of fused multiply-adds over the depth, started at zero, whatever the tile's shape: how rows
/// are grouped into tiles never changes a bit.
/// </summary>
/// <remarks>
/// Six rows of four vectors fill 24 of 32 registers, six rows of two vectors 12 of 16; B's vectors and A's value take three to five more.
/// Six rows of one vector are too few sums to hide all of the latency, and yet faster than two vectors of which one is padding.
/// Nothing is called while the accumulators live, or the JIT would keep them on the stack; so whole vectors are written, and a caller
/// with fewer columns lets the tile go to a buffer.
/// </remarks>
internal static unsafe class MicroKernel<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Computes one tile.</summary>
    /// <param name="a">Element (r, k) of A is at <c>a[r·rowStride + k·depthStride]</c>.</param>
    /// <param name="rowStride">The distance between A's rows.</param>
    /// <param name="depthStride">The distance between A's columns.</param>
    /// <param name="b">One panel of B, depth × four vectors without gaps.</param>
    /// <param name="depth">The length of the dot products.</param>
    /// <param name="c">The first element of the tile in C.</param>
    /// <param name="cStride">The distance between C's rows.</param>
    /// <param name="accumulate">Whether to add to C.</param>
    public static void Run<TTile>(float* a, nint rowStride, nint depthStride, float* b, int depth, float* c, nint cStride, bool accumulate)
        where TTile : struct, ITile
    {
        TVector c00 = TSimd.Zero,
            c01 = TSimd.Zero,
            c02 = TSimd.Zero,
            c03 = TSimd.Zero;
        TVector c10 = TSimd.Zero,
            c11 = TSimd.Zero,
            c12 = TSimd.Zero,
            c13 = TSimd.Zero;
        TVector c20 = TSimd.Zero,
            c21 = TSimd.Zero,
            c22 = TSimd.Zero,
            c23 = TSimd.Zero;
        TVector c30 = TSimd.Zero,
            c31 = TSimd.Zero,
            c32 = TSimd.Zero,
            c33 = TSimd.Zero;
        TVector c40 = TSimd.Zero,
            c41 = TSimd.Zero,
            c42 = TSimd.Zero,
            c43 = TSimd.Zero;
        TVector c50 = TSimd.Zero,
            c51 = TSimd.Zero,
            c52 = TSimd.Zero,
            c53 = TSimd.Zero;
        float* d = a + (3 * rowStride);
        if (accumulate)
        {
            for (int row = 0; row < TTile.Rows; row++)
            {
                CacheHint.Prefetch(c + (row * cStride), TTile.Vectors * TSimd.Count);
            }
        }

        for (int k = 0; k < depth; k++)
        {
            TVector b0 = TSimd.Load(b);
            TVector b1 = TTile.Vectors > 1 ? TSimd.Load(b + TSimd.Count) : TSimd.Zero;
            TVector b2 = TTile.Vectors > 2 ? TSimd.Load(b + (2 * TSimd.Count)) : TSimd.Zero;
            TVector b3 = TTile.Vectors > 2 ? TSimd.Load(b + (3 * TSimd.Count)) : TSimd.Zero;

            TVector value = TSimd.Broadcast(*a);
            c00 = TSimd.FusedMultiplyAdd(value, b0, c00);
            if (TTile.Vectors > 1)
            {
                c01 = TSimd.FusedMultiplyAdd(value, b1, c01);
            }

            if (TTile.Vectors > 2)
            {
                c02 = TSimd.FusedMultiplyAdd(value, b2, c02);
                c03 = TSimd.FusedMultiplyAdd(value, b3, c03);
            }

            if (TTile.Rows > 1)
            {
                value = TSimd.Broadcast(a[rowStride]);
                c10 = TSimd.FusedMultiplyAdd(value, b0, c10);
                if (TTile.Vectors > 1)
                {
                    c11 = TSimd.FusedMultiplyAdd(value, b1, c11);
                }

                if (TTile.Vectors > 2)
                {
                    c12 = TSimd.FusedMultiplyAdd(value, b2, c12);
                    c13 = TSimd.FusedMultiplyAdd(value, b3, c13);
                }

                value = TSimd.Broadcast(a[2 * rowStride]);
                c20 = TSimd.FusedMultiplyAdd(value, b0, c20);
                if (TTile.Vectors > 1)
                {
                    c21 = TSimd.FusedMultiplyAdd(value, b1, c21);
                }

                if (TTile.Vectors > 2)
                {
                    c22 = TSimd.FusedMultiplyAdd(value, b2, c22);
                    c23 = TSimd.FusedMultiplyAdd(value, b3, c23);
                }
            }

            if (TTile.Rows > 3)
            {
                value = TSimd.Broadcast(*d);
                c30 = TSimd.FusedMultiplyAdd(value, b0, c30);
                if (TTile.Vectors > 1)
                {
                    c31 = TSimd.FusedMultiplyAdd(value, b1, c31);
                }

                if (TTile.Vectors > 2)
                {
                    c32 = TSimd.FusedMultiplyAdd(value, b2, c32);
                    c33 = TSimd.FusedMultiplyAdd(value, b3, c33);
                }

                value = TSimd.Broadcast(d[rowStride]);
                c40 = TSimd.FusedMultiplyAdd(value, b0, c40);
                if (TTile.Vectors > 1)
                {
                    c41 = TSimd.FusedMultiplyAdd(value, b1, c41);
                }

                if (TTile.Vectors > 2)
                {
                    c42 = TSimd.FusedMultiplyAdd(value, b2, c42);
                    c43 = TSimd.FusedMultiplyAdd(value, b3, c43);
                }

                value = TSimd.Broadcast(d[2 * rowStride]);
                c50 = TSimd.FusedMultiplyAdd(value, b0, c50);
                if (TTile.Vectors > 1)
                {
                    c51 = TSimd.FusedMultiplyAdd(value, b1, c51);
                }

                if (TTile.Vectors > 2)
                {
                    c52 = TSimd.FusedMultiplyAdd(value, b2, c52);
                    c53 = TSimd.FusedMultiplyAdd(value, b3, c53);
                }
            }

            a += depthStride;
            d += depthStride;
            b += 4 * TSimd.Count;
        }

        StoreRow<TTile>(c00, c01, c02, c03, c, accumulate);
        if (TTile.Rows > 1)
        {
            StoreRow<TTile>(c10, c11, c12, c13, c + cStride, accumulate);
            StoreRow<TTile>(c20, c21, c22, c23, c + (2 * cStride), accumulate);
        }

        if (TTile.Rows > 3)
        {
            StoreRow<TTile>(c30, c31, c32, c33, c + (3 * cStride), accumulate);
            StoreRow<TTile>(c40, c41, c42, c43, c + (4 * cStride), accumulate);
            StoreRow<TTile>(c50, c51, c52, c53, c + (5 * cStride), accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TTile>(TVector v0, TVector v1, TVector v2, TVector v3, float* c, bool accumulate)
        where TTile : struct, ITile
    {
        if (accumulate)
        {
            v0 = TSimd.Add(TSimd.Load(c), v0);
            if (TTile.Vectors > 1)
            {
                v1 = TSimd.Add(TSimd.Load(c + TSimd.Count), v1);
            }

            if (TTile.Vectors > 2)
            {
                v2 = TSimd.Add(TSimd.Load(c + (2 * TSimd.Count)), v2);
                v3 = TSimd.Add(TSimd.Load(c + (3 * TSimd.Count)), v3);
            }
        }

        TSimd.Store(v0, c);
        if (TTile.Vectors > 1)
        {
            TSimd.Store(v1, c + TSimd.Count);
        }

        if (TTile.Vectors > 2)
        {
            TSimd.Store(v2, c + (2 * TSimd.Count));
            TSimd.Store(v3, c + (3 * TSimd.Count));
        }
    }
}
