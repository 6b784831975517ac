using Curie.Numerics;
using Curie.Sampling.LearningTheory;

namespace Curie.Sampling.Tests.LearningTheory;

public sealed class ReducedRankRegressionTests
{
    /// <summary>Worked by hand from the four cases of the paper.</summary>
    [Theory]
    [InlineData(5, 3, 5, 0, 13, 2, 2)]
    [InlineData(5, 4, 5, 0, 8, 1, 1)]
    [InlineData(4, 3, 8, 0, 6, 1, 1)]
    [InlineData(8, 3, 4, 0, 6, 1, 1)]
    [InlineData(3, 8, 4, 0, 6, 1, 1)]
    [InlineData(5, 3, 5, 1, 8, 1, 1)]
    [InlineData(5, 4, 5, 2, 21, 2, 1)]
    [InlineData(3, 8, 4, 2, 6, 1, 1)]
    [InlineData(3, 3, 3, 3, 9, 2, 1)]
    [InlineData(2, 2, 2, 1, 2, 1, 2)]
    [InlineData(2, 1, 2, 0, 1, 1, 2)]
    [InlineData(2, 1, 2, 1, 3, 2, 1)]
    [InlineData(1, 1, 1, 0, 1, 2, 2)]
    public void Known_networks_have_their_coefficient_and_multiplicity(
        int input,
        int hidden,
        int output,
        int rank,
        int numerator,
        int denominator,
        int multiplicity
    ) =>
        Assert.Equal(
            new LearningTruth(new Rational(numerator, denominator), multiplicity),
            ReducedRankRegression.Truth(input, hidden, output, rank)
        );

    [Fact]
    public void Input_and_output_may_be_exchanged()
    {
        foreach ((int m, int h, int n, int r) in Small(6))
        {
            Assert.Equal(ReducedRankRegression.Truth(m, h, n, r), ReducedRankRegression.Truth(n, h, m, r));
        }
    }

    [Theory]
    [InlineData(0, 1, 1, 0, "a layer of width 0")]
    [InlineData(3, 2, 4, 3, "the true rank 3 is not one that the widths allow: give 0 to 2")]
    [InlineData(3, 2, 4, -1, "the true rank -1")]
    public void Impossible_networks_are_refused(int input, int hidden, int output, int rank, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<InputException>(() => ReducedRankRegression.Truth(input, hidden, output, rank)).Message,
            StringComparison.Ordinal
        );

    internal static IEnumerable<(int Input, int Hidden, int Output, int Rank)> Small(int largest) =>
        from m in Enumerable.Range(1, largest)
        from h in Enumerable.Range(1, largest)
        from n in Enumerable.Range(1, largest)
        from r in Enumerable.Range(0, Math.Min(m, Math.Min(h, n)) + 1)
        select (m, h, n, r);
}
