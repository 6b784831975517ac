using Curie.Numerics.Random;
using Curie.Numerics.Simd;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics;

namespace Curie.Numerics.Tests.Kernels;

public sealed class GaussianFillTests
{
    private static readonly PhiloxKey Key = PhiloxKey.Derive(1, RandomPurpose.LangevinNoise, "l0h0");

    [Theory]
    [EveryWidth(1, 0L, 0L)]
    [EveryWidth(6, 3L, 4L)]
    [EveryWidth(255, 1L, 12L)]
    [EveryWidth(1037, 70_000_000_000L, 17_179_869_100L)]
    public void Numbers_are_the_reference_within_the_error_of_the_vector_functions(SimdWidth width, int count, long step, long first)
    {
        // ln has 2 ulp, which the root halves, and rounds with the product 2 times more; sine and cosine are within 2e-7: the error is at
        // most 4e-7 of the radius. The last case crosses block index 2^32.
        int padded = (count + 3) / 4 * 4;
        var expected = new float[padded];
        var actual = new float[count];
        KernelsUnderTest.Reference.FillGaussian(Key, step, first, expected);
        KernelsUnderTest.For(width).FillGaussian(Key, step, first, actual);
        for (int i = 0; i < count; i++)
        {
            double radius = Math.Sqrt(Math.Pow(expected[i / 2 * 2], 2) + Math.Pow(expected[(i / 2 * 2) + 1], 2));
            Assert.Equal(expected[i], actual[i], 4e-7 * radius);
        }
    }

    [Fact]
    public void Every_split_of_the_index_range_gives_the_same_bits_at_every_width() =>
        Prop.ForAll<byte, byte>(
                (blocks, rest) =>
                {
                    int cut = 4 * blocks;
                    int length = cut + rest;
                    float[]? first = null;
                    foreach (SimdWidth width in KernelsUnderTest.Widths)
                    {
                        var kernels = KernelsUnderTest.For(width);
                        var whole = new float[length];
                        var parts = new float[length];
                        kernels.FillGaussian(Key, 5, 8, whole);
                        kernels.FillGaussian(Key, 5, 8, parts.AsSpan(0, cut));
                        kernels.FillGaussian(Key, 5, 8 + cut, parts.AsSpan(cut));
                        first ??= whole;
                        if (!whole.AsSpan().SequenceEqual(parts) || !whole.AsSpan().SequenceEqual(first))
                        {
                            return false;
                        }
                    }

                    return true;
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [EveryWidth]
    public void The_numbers_are_standard_normal(SimdWidth width)
    {
        const int Count = 200_000;
        float[] numbers = Numbers(width, Key, 1, Count);
        double[] z = Array.ConvertAll(numbers, value => (double)value);

        // Four standard errors of the first four moments: Var zᵏ = E z²ᵏ − (E zᵏ)² = 1, 2, 15, 96.
        double[] expected = [0, 1, 0, 3];
        double[] variance = [1, 2, 15, 96];
        for (int k = 0; k < 4; k++)
        {
            Assert.Equal(expected[k], z.Average(value => Math.Pow(value, k + 1)), 4 * Math.Sqrt(variance[k] / Count));
        }

        // Kolmogorov–Smirnov: P(√n·D > 2.03) = 2·exp(−2·2.03²) = 5e-4.
        Array.Sort(z);
        double distance = 0;
        for (int i = 0; i < Count; i++)
        {
            double probability = 0.5 * SpecialFunctions.Erfc(-z[i] / Math.Sqrt(2));
            distance = Math.Max(
                distance,
                Math.Max(Math.Abs(probability - ((double)i / Count)), Math.Abs(probability - ((i + 1.0) / Count)))
            );
        }

        Assert.True(distance * Math.Sqrt(Count) < 2.03, $"Kolmogorov–Smirnov distance {distance}");
    }

    [Fact]
    public void Neighbours_steps_chains_and_components_are_uncorrelated()
    {
        const int Count = 100_000;
        SimdWidth width = KernelsUnderTest.Widths[^1];
        float[] numbers = Numbers(width, Key, 1, Count);
        float[][] others =
        [
            [.. numbers[1..], numbers[0]],
            [.. numbers[2..], numbers[0], numbers[1]],
            Numbers(width, Key, 2, Count),
            Numbers(width, PhiloxKey.Derive(1, RandomPurpose.LangevinNoise, "l0h0", 1), 1, Count),
            Numbers(width, PhiloxKey.Derive(1, RandomPurpose.LangevinNoise, "l0h1"), 1, Count),
            Numbers(width, PhiloxKey.Derive(2, RandomPurpose.LangevinNoise, "l0h0"), 1, Count),
        ];

        // Products of independent normal numbers have variance 1, products of their squares less one variance 4: four standard errors.
        foreach (float[] other in others)
        {
            double products = 0;
            double squares = 0;
            for (int i = 0; i < Count; i++)
            {
                products += (double)numbers[i] * other[i];
                squares += (((double)numbers[i] * numbers[i]) - 1) * (((double)other[i] * other[i]) - 1);
            }

            Assert.Equal(0, products / Count, 4 * Math.Sqrt(1.0 / Count));
            Assert.Equal(0, squares / Count, 4 * Math.Sqrt(4.0 / Count));
        }
    }

    [Theory]
    [EveryWidth]
    public void Nothing_is_allocated_and_an_index_inside_a_block_is_refused(SimdWidth width)
    {
        var kernels = KernelsUnderTest.For(width);
        var numbers = new float[1000];
        Assert.Equal(0, KernelsUnderTest.AllocatedBytes(() => kernels.FillGaussian(Key, 1, 0, numbers)));
        Assert.Throws<ArgumentException>(() => kernels.FillGaussian(Key, 1, 3, numbers));
        Assert.Throws<ArgumentException>(() => kernels.FillGaussian(Key, 1, -4, numbers));
    }

    private static float[] Numbers(SimdWidth width, PhiloxKey key, long step, int count)
    {
        var numbers = new float[count];
        KernelsUnderTest.For(width).FillGaussian(key, step, 0, numbers);
        return numbers;
    }
}
