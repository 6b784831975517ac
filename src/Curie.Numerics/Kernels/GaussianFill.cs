using System.Runtime.Intrinsics.X86;
using Curie.Numerics.Random;
using Curie.Numerics.Simd;

namespace Curie.Numerics.Kernels;

/// <summary>
/// Box and Muller (1958) on Philox blocks: words (0, 1) of a block give its first two numbers, words (2, 3) the others, as r·cos 2πt and
/// r·sin 2πt with r = √(−2 ln u). u = (first word + ½)/2³² rounded to float32 lies in (0, 1]: the logarithm is finite, and the tail
/// reaches 6.8. t is the upper 24 bits of the second word / 2²⁴. Each number is computed from its own block alone, in any split.
/// </summary>
internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    /// <summary>Blocks made at once; their uniforms stay in the first cache level.</summary>
    private const int ChunkBlocks = 64;
    private const int ChunkNumbers = 4 * ChunkBlocks;

    /// <inheritdoc/>
    public override void FillGaussian(PhiloxKey key, long step, long firstIndex, Span<float> destination)
    {
        CheckFirstIndex(firstIndex);
        float* numbers = stackalloc float[ChunkNumbers];
        for (int start = 0; start < destination.Length; start += ChunkNumbers)
        {
            int count = Math.Min(ChunkNumbers, destination.Length - start);
            FillChunk(key, step, firstIndex + start, numbers, count);
            new ReadOnlySpan<float>(numbers, count).CopyTo(destination[start..]);
        }
    }

    /// <summary>Makes at least the first <paramref name="count"/> of a chunk's numbers.</summary>
    private static void FillChunk(PhiloxKey key, long step, long firstIndex, float* numbers, int count)
    {
        float* radii = stackalloc float[2 * ChunkBlocks];
        float* angles = stackalloc float[2 * ChunkBlocks];
        int blocks = RoundUp((count + 3) / 4, PhiloxUniforms.Group);
        PhiloxUniforms.Fill(key, (ulong)step, (ulong)(firstIndex / 4), blocks, radii, angles, TSimd.Count >= 8 && Avx2.IsSupported);
        for (int j = 0; j < 2 * blocks; j += TSimd.Count)
        {
            TVector logarithm = VectorMath<TSimd, TVector>.Log(TSimd.Load(radii + j));
            TVector radius = TSimd.Sqrt(TSimd.Multiply(TSimd.Broadcast(-2), logarithm));
            (TVector sine, TVector cosine) = VectorMath<TSimd, TVector>.SinCosTwoPi(TSimd.Load(angles + j));
            TSimd.Store(TSimd.Multiply(radius, cosine), radii + j);
            TSimd.Store(TSimd.Multiply(radius, sine), angles + j);
        }

        for (int block = 0; block < blocks; block++)
        {
            numbers[4 * block] = radii[block];
            numbers[(4 * block) + 1] = angles[block];
            numbers[(4 * block) + 2] = radii[blocks + block];
            numbers[(4 * block) + 3] = angles[blocks + block];
        }
    }

    private static void CheckFirstIndex(long firstIndex)
    {
        if (firstIndex < 0 || firstIndex % 4 != 0)
        {
            throw new ArgumentException($"The first index is {firstIndex}; it must be a multiple of 4, not negative.");
        }
    }
}
