using System.Numerics;
using Curie.Numerics;

namespace Curie.Sampling.LearningTheory;

/// <summary>
/// The learning coefficient of a deep linear network y = W_{n−1}…W_1 x + noise at a true map of rank r (Aoyagi 2023, "Consideration on
/// the learning efficiency of multiple-layered neural networks with linear units").
/// </summary>
public static class DeepLinearNetwork
{
    /// <summary>
    /// λ and m. Let D_1 ≤ … ≤ D_n be the widths less r, sorted; k the largest with D_1 + … + D_k ≥ (k − 1)·D_k; l = k − 1,
    /// S = ΣD and Q = ΣD² over the first k, and a = S − (⌈S/l⌉ − 1)·l. Then
    /// λ = [r(H_1 + H_n) − r²]/2 + [a(l − a) + S² − lQ]/(4l) and m = a(l − a) + 1.
    /// </summary>
    /// <param name="widths">H_1 (input) … H_n (output), at least two.</param>
    /// <param name="rank">r, the rank of the true map.</param>
    /// <exception cref="InputException">There are fewer than two widths, one is not positive, or the rank is not one that they
    /// allow.</exception>
    public static LearningTruth Truth(ReadOnlySpan<int> widths, int rank)
    {
        Validate(widths, rank);
        long[] excess = new long[widths.Length];
        for (int i = 0; i < excess.Length; i++)
        {
            excess[i] = (long)widths[i] - rank;
        }

        Array.Sort(excess);
        int l = PrefixLength(excess) - 1;
        BigInteger sum = 0;
        BigInteger squares = 0;
        foreach (long width in excess.AsSpan(0, l + 1))
        {
            sum += width;
            squares += (BigInteger)width * width;
        }

        BigInteger ceiling = (sum + l - 1) / l;
        long a = (long)(sum - ((ceiling - 1) * l));
        long product = a * (l - a);
        BigInteger regular = ((BigInteger)rank * ((long)widths[0] + widths[^1])) - ((BigInteger)rank * rank);
        return new LearningTruth(
            new Rational((2 * l * regular) + product + (sum * sum) - (l * squares), 4 * l),
            checked((int)(product + 1))
        );
    }

    /// <summary>The number of weights, Σ H_s·H_{s+1}.</summary>
    /// <exception cref="InputException">There are fewer than two widths, or one is not positive.</exception>
    public static long Parameters(ReadOnlySpan<int> widths)
    {
        Validate(widths, 0);
        long sum = 0;
        for (int i = 1; i < widths.Length; i++)
        {
            sum = checked(sum + ((long)widths[i - 1] * widths[i]));
        }

        return sum;
    }

    internal static void Validate(ReadOnlySpan<int> widths, int rank)
    {
        if (widths.Length < 2)
        {
            throw new InputException(
                $"a linear network has at least an input and an output width, and {widths.Length} are given: list all widths from input "
                    + "to output."
            );
        }

        int least = int.MaxValue;
        foreach (int width in widths)
        {
            least = Math.Min(least, width);
        }

        if (least < 1)
        {
            throw new InputException($"a linear network has a layer of width {least}: every width must be at least 1.");
        }

        if (rank < 0 || rank > least)
        {
            throw new InputException($"the true rank {rank} is not one that the widths allow: give 0 to {least}, the smallest width.");
        }
    }

    /// <summary>
    /// k: the left side less the right side never increases with k (it changes by D_{k+1}·(1 − k) + (k − 1)·D_k ≤ 0), so the first failure
    /// ends it.
    /// </summary>
    private static int PrefixLength(long[] excess)
    {
        BigInteger sum = excess[0];
        int k = 1;
        while (k < excess.Length && sum + excess[k] >= (BigInteger)k * excess[k])
        {
            sum += excess[k];
            k++;
        }

        return k;
    }
}
