using Curie.Numerics.Random;

namespace Curie.Response.Reproducibility;

/// <summary>
/// Which batches an estimate is made from: the share p_b that each batch of all chains has in every mean over draws, Σ p_b = 1. Batches
/// stand chain by chain.
/// </summary>
internal static class BatchChoice
{
    /// <summary>The most ways of halving chains that are tried; 8 chains have 35.</summary>
    private const int MostSplits = 35;

    /// <summary>Up to so many chains all ways of halving them are listed.</summary>
    private const int MostListed = 20;

    /// <summary>Every batch, in proportion to its draws.</summary>
    public static double[] All(ReadOnlySpan<int> draws) => Normalized(draws, [.. draws.ToArray().Select(_ => 1)]);

    /// <summary>
    /// As many batches as there are, drawn with replacement: a block bootstrap whose blocks are the batches of all chains.
    /// </summary>
    public static double[] Resampled(ReadOnlySpan<int> draws, PhiloxStream random)
    {
        int[] times = new int[draws.Length];
        for (int i = 0; i < times.Length; i++)
        {
            times[random.NextInt32(times.Length)]++;
        }

        return Normalized(draws, times);
    }

    /// <summary>
    /// All ways of dividing the chains into halves (of an odd number one half has one more), or 35 evenly spaced ones of them, or of more
    /// than 20 chains 35
    /// random ones, the same ones always; of a single chain its first and its second half of batches. Empty where there is a single batch.
    /// </summary>
    /// <param name="draws">The draws of every batch, chain by chain.</param>
    /// <param name="chains">The number of chains.</param>
    public static IReadOnlyList<(double[] First, double[] Second)> Halves(int[] draws, int chains)
    {
        int perChain = draws.Length / chains;
        if (chains == 1)
        {
            return perChain < 2 ? [] : [Halve(draws, batch => batch < perChain / 2)];
        }

        if (chains > MostListed)
        {
            PhiloxStream random = new(PhiloxKey.Derive(0, RandomPurpose.Bootstrap, "halves"));
            return
            [
                .. Enumerable
                    .Range(0, MostSplits)
                    .Select(_ => Random(chains, random))
                    .Select(first => Halve(draws, batch => first[batch / perChain])),
            ];
        }

        List<uint> sides = [];
        for (uint side = 0; side < 1u << chains; side++)
        {
            // Of a split into equal halves and its mirror image only the one that has chain 0 in the first half.
            if (uint.PopCount(side) == chains / 2 && (chains % 2 == 1 || (side & 1) == 1))
            {
                sides.Add(side);
            }
        }

        int count = Math.Min(sides.Count, MostSplits);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => sides[(int)((long)i * sides.Count / count)])
                .Select(side => Halve(draws, batch => (side >> (batch / perChain) & 1) == 1)),
        ];
    }

    private static bool[] Random(int chains, PhiloxStream random)
    {
        bool[] first = [.. Enumerable.Range(0, chains).Select(chain => chain < chains / 2)];
        random.Shuffle<bool>(first);
        return first;
    }

    private static (double[] First, double[] Second) Halve(int[] draws, Func<int, bool> isFirst) =>
        (
            Normalized(draws, [.. draws.Select((_, batch) => isFirst(batch) ? 1 : 0)]),
            Normalized(draws, [.. draws.Select((_, batch) => isFirst(batch) ? 0 : 1)])
        );

    private static double[] Normalized(ReadOnlySpan<int> draws, int[] times)
    {
        double total = 0;
        for (int b = 0; b < times.Length; b++)
        {
            total += (double)draws[b] * times[b];
        }

        double[] shares = new double[times.Length];
        for (int b = 0; b < shares.Length; b++)
        {
            shares[b] = draws[b] * times[b] / total;
        }

        return shares;
    }
}
