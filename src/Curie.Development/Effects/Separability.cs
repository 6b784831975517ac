using Curie.Numerics.Random;

namespace Curie.Development.Effects;

/// <summary>
/// How well one coordinate of heads tells two kinds of them apart: the area A under the receiver's operating characteristic, the share of
/// pairs of one head of either kind in which the first has the larger coordinate, ties counting half (Mann and Whitney 1947). The sign of a
/// mode is arbitrary, so max(A, 1 − A) is given, and chance is asked for the same.
/// </summary>
/// <param name="Members">The heads of the first kind.</param>
/// <param name="Others">The heads of the second.</param>
/// <param name="Area">max(A, 1 − A), from .5; NaN where one of the kinds has no head.</param>
/// <param name="P">The share of ways of dealing out the kinds whose area is as large (9,999 random ones, and the one found); NaN without an
/// area.</param>
public readonly record struct Separability(int Members, int Others, double Area, double P)
{
    private const int Permutations = 9999;

    /// <summary>Sums of ranks are halves of integers, so that equal areas are equal up to this.</summary>
    private const double Rounding = 1e-12;

    /// <summary>Measures one coordinate.</summary>
    /// <param name="coordinates">The coordinate of every head.</param>
    /// <param name="members">Whether it is of the first kind.</param>
    /// <exception cref="ArgumentException">There is not one of both for every head.</exception>
    public static Separability Of(ReadOnlySpan<double> coordinates, ReadOnlySpan<bool> members)
    {
        if (coordinates.Length != members.Length)
        {
            throw new ArgumentException($"{members.Length} kinds do not fit {coordinates.Length} coordinates.", nameof(members));
        }

        int count = members.Count(true);
        double found = AreaOf(coordinates, members);
        if (double.IsNaN(found))
        {
            return new Separability(count, members.Length - count, double.NaN, double.NaN);
        }

        PhiloxStream random = new(PhiloxKey.Derive(0, RandomPurpose.Bootstrap, "separability"));
        bool[] shuffled = members.ToArray();
        int asLarge = 0;
        for (int i = 0; i < Permutations; i++)
        {
            random.Shuffle<bool>(shuffled);
            asLarge += AreaOf(coordinates, shuffled) >= found - Rounding ? 1 : 0;
        }

        return new Separability(count, members.Length - count, found, (1.0 + asLarge) / (1 + Permutations));
    }

    private static double AreaOf(ReadOnlySpan<double> coordinates, ReadOnlySpan<bool> members)
    {
        double larger = 0;
        int pairs = 0;
        for (int i = 0; i < members.Length; i++)
        {
            for (int j = 0; members[i] && j < members.Length; j++)
            {
                if (!members[j])
                {
                    larger +=
                        coordinates[i] > coordinates[j] ? 1
                        : coordinates[i] == coordinates[j] ? 0.5
                        : 0;
                    pairs++;
                }
            }
        }

        double area = larger / pairs;
        return Math.Max(area, 1 - area);
    }
}
