using Curie.Studies.Conclusions;

namespace Curie.Studies.Tests.Conclusions;

public sealed class EstimateTextTests
{
    [Theory]
    [InlineData(0.8361, 0.0049, "0.836 ± 0.005")]
    [InlineData(56.73, 4.9, "57 ± 5")]
    [InlineData(56.73, 1.46, "56.7 ± 1.5")]
    [InlineData(-0.00012, 0.000013, "−0.000120 ± 0.000013")]
    [InlineData(12345, 678, "12345 ± 678")]
    [InlineData(3, 0, "3.000 ± 0.000")]
    [InlineData(1.25, double.NaN, "1.25 (error unknown)")]
    [InlineData(double.NaN, 1, "unknown")]
    public void An_error_decides_the_digits_and_nothing_has_an_exponent(double value, double error, string expected) =>
        Assert.Equal(expected, EstimateText.Of(value, error));

    [Theory]
    [InlineData(190, 2, "190")]
    [InlineData(0.0123, 2, "0.012")]
    [InlineData(0, 2, "0")]
    [InlineData(-7.25, 2, "−7.2")]
    public void A_number_alone_has_so_many_significant_digits(double value, int digits, string expected) =>
        Assert.Equal(expected, EstimateText.Of(value, digits));

    [Theory]
    [InlineData(0.5, "50 %")]
    [InlineData(0.004, "0.4 %")]
    [InlineData(0.994, "99.4 %")]
    [InlineData(0, "0 %")]
    [InlineData(1, "100 %")]
    public void A_share_is_a_percentage_with_a_decimal_only_near_its_ends(double share, string expected) =>
        Assert.Equal(expected, EstimateText.Percent(share));

    [Fact]
    public void Names_are_listed_as_a_sentence_has_them()
    {
        Assert.Equal("", EstimateText.List([]));
        Assert.Equal("a", EstimateText.List(["a"]));
        Assert.Equal("a, b and c", EstimateText.List(["a", "b", "c"]));
    }
}
