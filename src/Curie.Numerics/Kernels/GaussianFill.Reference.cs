using Curie.Numerics.Random;

namespace Curie.Numerics.Kernels;

public sealed unsafe partial class ReferenceKernels
{
    /// <inheritdoc/>
    public override void FillGaussian(PhiloxKey key, long step, long firstIndex, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)Gaussian(key, step, firstIndex + i);
        }
    }

    /// <summary>
    /// Words (0, 1) of block index/4 give its first two numbers, words (2, 3) the others: r·cos 2πt and r·sin 2πt, r = √(−2 ln u), with
    /// u = (first word + ½)/2³² rounded to float32, in (0, 1], and t the upper 24 bits of the second word / 2²⁴.
    /// </summary>
    private static double Gaussian(PhiloxKey key, long step, long index)
    {
        PhiloxBlock block = Philox.Block(key, (ulong)step, (ulong)(index / 4));
        (uint first, uint second) = index % 4 < 2 ? (block.W0, block.W1) : (block.W2, block.W3);
        double u = (float)((first + 0.5) / 4294967296.0);
        double radius = Math.Sqrt(-2 * Math.Log(u));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * (second >> 8) / 16777216.0);
        return radius * (index % 2 == 0 ? cosine : sine);
    }
}
