using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Curie.Numerics.Random;

/// <summary>
/// Philox blocks turned into the uniform numbers that Box–Muller needs, in scalar or in AVX2 integer arithmetic: the same numbers.
/// </summary>
internal static unsafe class PhiloxUniforms
{
    /// <summary>Blocks are made in multiples of this.</summary>
    public const int Group = 16;

    private const float TwoToMinus16 = 1f / (1 << 16);
    private const float TwoToMinus24 = 1f / (1 << 24);
    private const float TwoToMinus32 = TwoToMinus16 * TwoToMinus16;
    private const float TwoToMinus33 = TwoToMinus32 / 2;

    /// <summary>
    /// Fills u = float32((word + ½)/2³²) from words 0 of all blocks, then from words 2, into <paramref name="radii"/>, and
    /// t = (word div 256)/2²⁴ from words 1, then words 3, into <paramref name="angles"/>; 2·blocks numbers each.
    /// </summary>
    public static void Fill(PhiloxKey key, ulong step, ulong firstBlock, int blocks, float* radii, float* angles, bool vectors)
    {
        for (int block = 0; block < blocks; block += 8)
        {
            if (vectors)
            {
                FillEight(key, step, firstBlock + (ulong)block, blocks, radii + block, angles + block);
            }
            else
            {
                for (int i = block; i < block + 8; i++)
                {
                    PhiloxBlock words = Philox.Block(key, step, firstBlock + (ulong)i);
                    radii[i] = Radius(words.W0);
                    angles[i] = Angle(words.W1);
                    radii[blocks + i] = Radius(words.W2);
                    angles[blocks + i] = Angle(words.W3);
                }
            }
        }
    }

    private static float Radius(uint word) => (float)((word + 0.5) * TwoToMinus32);

    private static float Angle(uint word) => (word >> 8) * TwoToMinus24;

    /// <summary>
    /// Eight blocks in two vectors of 64-bit lanes, each holding one 32-bit word: even blocks in one, odd blocks in the other, so that
    /// shifting the odd words up interleaves them into order. The upper halves hold garbage until then; the multiplication ignores them.
    /// </summary>
    private static void FillEight(PhiloxKey key, ulong step, ulong firstBlock, int blocks, float* radii, float* angles)
    {
        Vector256<ulong> even0 = Vector256.Create(firstBlock) + Vector256.Create(0UL, 2, 4, 6);
        Vector256<ulong> odd0 = even0 + Vector256<ulong>.One;
        Vector256<ulong> even1 = even0 >>> 32;
        Vector256<ulong> odd1 = odd0 >>> 32;
        Vector256<ulong> even2 = Vector256.Create(step);
        Vector256<ulong> odd2 = even2;
        Vector256<ulong> even3 = even2 >>> 32;
        Vector256<ulong> odd3 = even3;
        uint k0 = key.Low;
        uint k1 = key.High;
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector256<ulong> key0 = Vector256.Create((ulong)k0);
            Vector256<ulong> key1 = Vector256.Create((ulong)k1);
            Round(ref even0, ref even1, ref even2, ref even3, key0, key1);
            Round(ref odd0, ref odd1, ref odd2, ref odd3, key0, key1);
            unchecked
            {
                k0 += Philox.Weyl0;
                k1 += Philox.Weyl1;
            }
        }

        StoreRadii(even0, odd0, radii);
        StoreAngles(even1, odd1, angles);
        StoreRadii(even2, odd2, radii + blocks);
        StoreAngles(even3, odd3, angles + blocks);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        ref Vector256<ulong> c0,
        ref Vector256<ulong> c1,
        ref Vector256<ulong> c2,
        ref Vector256<ulong> c3,
        Vector256<ulong> key0,
        Vector256<ulong> key1
    )
    {
        Vector256<ulong> product0 = Avx2.Multiply(c0.AsUInt32(), Vector256.Create((ulong)Philox.Multiplier0).AsUInt32());
        Vector256<ulong> product1 = Avx2.Multiply(c2.AsUInt32(), Vector256.Create((ulong)Philox.Multiplier1).AsUInt32());
        c0 = (product1 >>> 32) ^ c1 ^ key0;
        c1 = product1;
        c2 = (product0 >>> 32) ^ c3 ^ key1;
        c3 = product0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Interleave(Vector256<ulong> even, Vector256<ulong> odd) =>
        ((even & Vector256.Create(0xFFFFFFFFUL)) | (odd << 32)).AsUInt32();

    /// <summary>
    /// Both halves of a word are exact in float32, as is (low + ½)/2³²; the fused sum is the one rounding that the scalar form has.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRadii(Vector256<ulong> even, Vector256<ulong> odd, float* destination)
    {
        Vector256<uint> words = Interleave(even, odd);
        Vector256<float> high = Vector256.ConvertToSingle((words >>> 16).AsInt32());
        Vector256<float> low = Vector256.ConvertToSingle((words & Vector256.Create(0xFFFFu)).AsInt32());
        Vector256<float> fraction = (low * TwoToMinus32) + Vector256.Create(TwoToMinus33);
        Vector256.FusedMultiplyAdd(high, Vector256.Create(TwoToMinus16), fraction).Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreAngles(Vector256<ulong> even, Vector256<ulong> odd, float* destination) =>
        (Vector256.ConvertToSingle((Interleave(even, odd) >>> 8).AsInt32()) * TwoToMinus24).Store(destination);
}
