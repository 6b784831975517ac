using Curie.Development.Effects;

namespace Curie.Development.Tests.Effects;

public sealed class SeparabilityTests
{
    [Fact]
    public void Kinds_that_lie_apart_are_told_from_one_another_whichever_side_they_are_on()
    {
        foreach (double sign in (double[])[1, -1])
        {
            double[] coordinates = [.. new[] { 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8 }.Select(value => sign * value)];
            Separability found = Separability.Of(coordinates, [false, false, false, false, false, true, true, true]);
            Assert.Equal((3, 5, 1.0), (found.Members, found.Others, found.Area));

            // Of the 56 ways of choosing three of eight heads two are as far apart: p = 1/28, known by 10,000 tries to ±.002.
            Assert.Equal(1 / 28.0, found.P, 0.008);
        }
    }

    [Fact]
    public void The_area_is_the_share_of_pairs_in_order_and_ties_count_half()
    {
        // Pairs of a member (1, 3) and another (0, 1, 2): 1 > 0, 1 = 1, 1 < 2, and 3 above all: 4.5 of 6.
        Assert.Equal(0.75, Separability.Of([1, 0, 3, 1, 2], [true, false, true, false, false]).Area, 1e-12);
        Assert.Equal(0.5, Separability.Of([1, 1, 1], [true, false, false]).Area, 1e-12);
    }

    [Fact]
    public void Where_one_kind_is_missing_there_is_no_number()
    {
        Separability none = Separability.Of([1, 2], [false, false]);
        Assert.True(double.IsNaN(none.Area) && double.IsNaN(none.P));
        Assert.Throws<ArgumentException>(() => Separability.Of([1, 2], [true]));
    }
}
