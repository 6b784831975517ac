using Curie.Numerics.Statistics;

namespace Curie.Numerics.Tests.Statistics;

public sealed class NormalScoreTests
{
    /// <summary>
    /// Quantiles of Student's t that 2.5 % and 0.5 % exceed, from tables; those of the normal law are 1.959964 and 2.575829.
    /// </summary>
    [Theory]
    [InlineData(12.7062, 1, 1.959964)]
    [InlineData(3.182446, 3, 1.959964)]
    [InlineData(-3.182446, 3, -1.959964)]
    [InlineData(3.169273, 10, 2.575829)]
    public void Quantiles_of_t_become_those_of_the_normal_law(double quotient, double degreesOfFreedom, double expected) =>
        Assert.Equal(expected, NormalScore.Of(quotient, degreesOfFreedom), 1e-5);

    [Theory]
    [InlineData(2.5, double.PositiveInfinity)]
    [InlineData(double.NaN, 3)]
    [InlineData(double.PositiveInfinity, 3)]
    public void A_known_error_and_a_quotient_that_is_no_number_leave_it_as_it_is(double quotient, double degreesOfFreedom) =>
        Assert.Equal(quotient, NormalScore.Of(quotient, degreesOfFreedom));
}
