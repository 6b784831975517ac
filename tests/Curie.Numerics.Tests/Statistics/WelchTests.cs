using Curie.Numerics.Statistics;

namespace Curie.Numerics.Tests.Statistics;

public sealed class WelchTests
{
    /// <summary>Equal errors and degrees add up: a² = b² gives 2·n degrees; two-sided p of t = 2.228 with 10 degrees is .05.</summary>
    [Fact]
    public void A_difference_has_both_errors_and_the_degrees_of_Welch_and_Satterthwaite()
    {
        MeanEstimate difference = Welch.Difference(new MeanEstimate(5, 3, 5), new MeanEstimate(1, 4, 5));
        Assert.Equal(4, difference.Mean);
        Assert.Equal(5, difference.StandardError, 1e-12);
        Assert.Equal(10, Welch.Difference(new MeanEstimate(5, 3, 5), new MeanEstimate(1, 3, 5)).DegreesOfFreedom);

        // (9 + 16)²/(81/5 + 256/5) = 9.27.
        Assert.Equal(9, difference.DegreesOfFreedom);
        Assert.Equal(0.05, Welch.PValue(new MeanEstimate(2.228139, 1, 10)), 1e-6);
        Assert.Equal(Welch.PValue(new MeanEstimate(2, 1, 10)), Welch.PValue(new MeanEstimate(-2, 1, 10)));
        Assert.Equal(double.NaN, Welch.PValue(new MeanEstimate(2, 0, 10)));
    }
}
