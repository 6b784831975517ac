using Curie.Networks.Data;

namespace Curie.Networks.Tests.Data;

public sealed class ChosenRowsTests
{
    [Theory]
    [InlineData(RowChoice.First)]
    [InlineData(RowChoice.Random)]
    public void All_rows_are_taken_where_no_fewer_are_wanted(RowChoice choice)
    {
        Assert.Equal([0, 1, 2], ChosenRows.Of(choice, 3, null, "x"));
        Assert.Equal([0, 1, 2], ChosenRows.Of(choice, 3, 3, "x"));
        Assert.Equal([0, 1, 2], ChosenRows.Of(choice, 3, 5, "x"));
    }

    [Fact]
    public void The_first_rows_are_the_first()
    {
        Assert.Equal([0, 1, 2, 3], ChosenRows.Of(RowChoice.First, 10, 4, "x"));
    }

    [Fact]
    public void Random_rows_are_different_ones_ascending_the_same_again_and_others_for_another_use()
    {
        int[] rows = ChosenRows.Of(RowChoice.Random, 1000, 64, "x");
        Assert.Equal(64, rows.Distinct().Count());
        Assert.Equal(rows.Order(), rows);
        Assert.InRange(rows[^1], 0, 999);
        Assert.Equal(rows, ChosenRows.Of(RowChoice.Random, 1000, 64, "x"));
        Assert.NotEqual(rows, ChosenRows.Of(RowChoice.Random, 1000, 64, "y"));
    }

    /// <summary>
    /// Each of 20 rows is among 5 of them in a quarter of 4,000 choices; the number of times has the standard deviation √(4000·¼·¾) = 27.4,
    /// and five of it, over 20 rows, are left once in 90,000 times.
    /// </summary>
    [Fact]
    public void Every_row_is_as_likely_as_every_other()
    {
        int[] times = new int[20];
        for (int use = 0; use < 4000; use++)
        {
            foreach (int row in ChosenRows.Of(RowChoice.Random, times.Length, 5, $"use {use}"))
            {
                times[row]++;
            }
        }

        Assert.All(times, count => Assert.InRange(count, 1000 - 137, 1000 + 137));
    }
}
