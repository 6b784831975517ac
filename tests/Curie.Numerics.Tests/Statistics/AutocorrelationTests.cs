using Curie.Numerics.Statistics;

namespace Curie.Numerics.Tests.Statistics;

public sealed class AutocorrelationTests
{
    [Fact]
    public void Autocovariances_by_hand()
    {
        // Mean 2; deviations −1, 0, 1, −1, 1.
        double[] series = [1, 2, 3, 1, 3];
        Assert.Equal(4.0 / 5, Autocorrelation.Covariance(series, 0), 1e-15);
        Assert.Equal(-2.0 / 5, Autocorrelation.Covariance(series, 1), 1e-15);
        Assert.Equal(0, Autocorrelation.Covariance(series, 2), 1e-15);
        Assert.Equal(1.0 / 5, Autocorrelation.Covariance(series, 3), 1e-15);
        Assert.Equal(-1.0 / 5, Autocorrelation.Covariance(series, 4), 1e-15);
        Assert.Throws<ArgumentOutOfRangeException>(() => Autocorrelation.Covariance(series, 5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.8)]
    [InlineData(0.95)]
    public void The_integrated_time_of_an_autoregression_is_its_closed_form(double phi)
    {
        // With the sum cut at M lags the relative variance of τ is 2(2M + 1)/N (Madras and Sokal 1988). Geyer's rule cuts where noise of
        // size
        // 1/√N reaches ρ_t: M = ln √N/(−ln φ), at least 2. Four standard errors.
        double truth = AutoregressiveChains.IntegratedTime(phi);
        const int Total = 4 * 20_000;
        double window = phi == 0 ? 2 : Math.Max(2, Math.Log(Math.Sqrt(Total)) / -Math.Log(phi));
        double error = truth * Math.Sqrt(2 * ((2 * window) + 1) / Total);
        double estimate = Autocorrelation.IntegratedTime(AutoregressiveChains.Make(phi, 4, 20_000, 3));
        Assert.Equal(truth, estimate, 4 * error);
    }

    [Fact]
    public void Alternating_chains_have_a_time_below_one()
    {
        // φ = −0.5: τ = 1/3. Four times the Madras–Sokal error with M = 8.
        double estimate = Autocorrelation.IntegratedTime(AutoregressiveChains.Make(-0.5, 4, 10_000, 3));
        Assert.Equal(1.0 / 3, estimate, 4 * Math.Sqrt(2 * 17.0 / 40_000) / 3);
    }

    [Fact]
    public void A_series_by_hand()
    {
        // Mean 0 and autocovariances (10, 7, 2, −2, …)/8. For one chain W = 10/7 and var⁺ = 10/8, so ρ_t = 1 − (10/7 − c_t)·8/10:
        // ρ_1 = 39/70, ρ_2 = 4/70, ρ_3 = −24/70. The second pair is negative and ends the sum, its even half is positive and counts once:
        // τ = −1 + 2(1 + 39/70) + 4/70 = 152/70.
        double[] series = [1, 2, 1, 0, -1, -1, -1, -1];
        Assert.Equal(7.0 / 8, Autocorrelation.Covariance(series, 1), 1e-15);
        Assert.Equal(2.0 / 8, Autocorrelation.Covariance(series, 2), 1e-15);
        Assert.Equal(-2.0 / 8, Autocorrelation.Covariance(series, 3), 1e-15);
        Assert.Equal(152.0 / 70, Autocorrelation.IntegratedTime(series), 1e-14);
    }

    [Fact]
    public void Equal_draws_have_no_time_and_short_chains_are_refused()
    {
        Assert.True(double.IsNaN(Autocorrelation.IntegratedTime([2.0, 2.0, 2.0, 2.0])));
        Assert.Throws<ArgumentException>(() => Autocorrelation.IntegratedTime([1.0, 2.0, 3.0]));
    }
}
