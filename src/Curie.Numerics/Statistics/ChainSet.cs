using MathNet.Numerics.Distributions;

namespace Curie.Numerics.Statistics;

/// <summary>What the diagnostics of Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021) do to chains before they measure them.</summary>
internal static class ChainSet
{
    /// <summary>The number of draws of every chain.</summary>
    /// <exception cref="ArgumentException">There is no chain, a chain is shorter than <paramref name="leastDraws"/>, or the lengths
    /// differ.</exception>
    public static int Check(double[][] chains, int leastDraws)
    {
        ArgumentNullException.ThrowIfNull(chains);
        if (chains.Length == 0)
        {
            throw new ArgumentException("There are no chains.", nameof(chains));
        }

        int draws = chains[0].Length;
        if (Array.Exists(chains, chain => chain.Length != draws))
        {
            throw new ArgumentException("Chains differ in length.", nameof(chains));
        }

        return draws >= leastDraws
            ? draws
            : throw new ArgumentException($"Chains have {draws} draws; at least {leastDraws} are needed.", nameof(chains));
    }

    /// <summary>Both halves of every chain; the middle draw of an odd number is left out.</summary>
    public static double[][] Split(double[][] chains) =>
        [.. chains.SelectMany(chain => new[] { chain[..(chain.Length / 2)], chain[((chain.Length + 1) / 2)..] })];

    /// <summary>
    /// Every draw's rank r among all S draws as a normal number, Φ⁻¹((r − 3/8)/(S + 1/4)) (Blom 1958); equal draws share their mean rank.
    /// </summary>
    public static double[][] NormalizeRanks(double[][] chains)
    {
        double[] values = [.. chains.SelectMany(chain => chain)];
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        var normal = new double[values.Length];
        for (int first = 0, end; first < order.Length; first = end)
        {
            end = first + 1;
            while (end < order.Length && values[order[end]] == values[order[first]])
            {
                end++;
            }

            double rank = (first + 1 + end) / 2.0;
            double z = Normal.InvCDF(0, 1, (rank - 0.375) / (values.Length + 0.25));
            foreach (int index in order.AsSpan(first, end - first))
            {
                normal[index] = z;
            }
        }

        return [.. normal.Chunk(chains[0].Length)];
    }

    /// <summary>Distances from the median of all draws: chains that differ in spread differ in the location of these.</summary>
    public static double[][] Fold(double[][] chains)
    {
        double[] values = [.. chains.SelectMany(chain => chain).Order()];
        int half = values.Length / 2;
        double median = values.Length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
        return Array.ConvertAll(chains, chain => Array.ConvertAll(chain, value => Math.Abs(value - median)));
    }
}
