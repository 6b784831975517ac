using MathNet.Numerics;

namespace Curie.Response.Patterns;

/// <summary>The chance that a random choice of tokens holds as many, or as few, of a pattern (the hypergeometric law).</summary>
public static class Overlap
{
    /// <summary>
    /// The two-sided p of <paramref name="found"/> members among <paramref name="drawn"/> of <paramref name="population"/> tokens with
    /// <paramref name="members"/>: twice the smaller tail, at most 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The numbers do not fit one another.</exception>
    public static double PValue(int population, int members, int drawn, int found)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(found);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(members, population);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(drawn, population);
        int least = Math.Max(0, drawn - (population - members));
        int most = Math.Min(drawn, members);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(found, most);
        ArgumentOutOfRangeException.ThrowIfLessThan(found, least);
        double below = 0;
        double above = 0;
        for (int k = least; k <= most; k++)
        {
            double chance = Math.Exp(
                SpecialFunctions.BinomialLn(members, k)
                    + SpecialFunctions.BinomialLn(population - members, drawn - k)
                    - SpecialFunctions.BinomialLn(population, drawn)
            );
            below += k <= found ? chance : 0;
            above += k >= found ? chance : 0;
        }

        return Math.Min(1, 2 * Math.Min(below, above));
    }
}
