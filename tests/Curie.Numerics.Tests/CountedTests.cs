using System.Globalization;

namespace Curie.Numerics.Tests;

/// <summary>One of a thing is named in the singular, and any other number of them in the plural.</summary>
public sealed class CountedTests
{
    [Theory]
    [InlineData(0, "0 draws")]
    [InlineData(1, "1 draw")]
    [InlineData(2, "2 draws")]
    [InlineData(1234567, "1234567 draws")]
    public void A_number_decides_the_word(long count, string text) => Assert.Equal(text, Counted.Of(count, "draw"));

    [Fact]
    public void A_plural_that_is_no_added_s_is_given()
    {
        Assert.Equal("1 batch", Counted.Of(1, "batch", "batches"));
        Assert.Equal("3 batches", Counted.Of(3, "batch", "batches"));
        Assert.Equal("is", Counted.Word(1, "is", "are"));
        Assert.Equal("are", Counted.Word(0, "is", "are"));
    }

    [Fact]
    public void The_culture_does_not_matter()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat.NegativeSign = "minus ";
            CultureInfo.CurrentCulture = other;
            Assert.Equal("-2 steps", Counted.Of(-2, "step"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
