using Curie.Response.Reproducibility;

namespace Curie.Response.Tests.Reproducibility;

public sealed class ResampledValueTests
{
    /// <summary>
    /// A share of .52 that noise lifts: its samples, which have the noise once more, lie around .63 and spread by .07. The share without
    /// bias is then about .41, in the middle of its interval on the scale of the logit.
    /// </summary>
    [Fact]
    public void A_share_lies_inside_its_interval_however_large_its_bias()
    {
        ResampledValue value = new(0.52, IntervalScale.Share);
        for (int i = 0; i < 400; i++)
        {
            value.AddBatches(0.63 + (0.07 * Math.Sqrt(2) * Math.Sin(2 * Math.PI * i / 400)));
        }

        Interval interval = value.ToInterval(8, 0, corrects: true);
        Assert.Equal(0.52, interval.Measured);
        Assert.InRange(interval.Value, 0.36, 0.44);
        Assert.Equal(Logit(interval.Value), (Logit(interval.Low) + Logit(interval.High)) / 2, 1e-9);
        Assert.InRange(interval.Low, 0.05, interval.Value - 0.1);
        Assert.InRange(interval.High, interval.Value + 0.1, 0.7);
    }

    /// <summary>Bounds are never reached: not by a share near 1, and a loading near 1 stays within it.</summary>
    [Theory]
    [InlineData(0.999)]
    [InlineData(0.5)]
    [InlineData(0.001)]
    public void No_interval_of_a_share_reaches_0_or_1(double share)
    {
        ResampledValue value = new(share, IntervalScale.Share);
        ResampledValue loading = new(share, IntervalScale.Loading);
        for (int i = 0; i < 100; i++)
        {
            value.AddBatches(IntervalScale.Share.From(IntervalScale.Share.To(share) + Math.Sin(i)));
            loading.AddBatches(Math.Sin(Math.Asin(share) + (0.3 * Math.Sin(i))));
        }

        Interval interval = value.ToInterval(4, 0, corrects: true);
        Assert.True(interval.Low > 0 && interval.Low < interval.Value && interval.Value < interval.High && interval.High < 1);
        Interval leaning = loading.ToInterval(4, 0, corrects: false);
        Assert.Equal(share, leaning.Value);
        Assert.InRange(leaning.Low, -1, share);
        Assert.InRange(leaning.High, share, 1);
    }

    /// <summary>Variances of batches, times K/(K − 1), and of rows add up; what never varies has an interval without width.</summary>
    [Fact]
    public void Errors_of_batches_and_of_rows_add_up()
    {
        ResampledValue value = new(0, IntervalScale.Plain);
        ResampledValue still = new(1, IntervalScale.Share);
        for (int i = 0; i < 2; i++)
        {
            value.AddBatches(i == 0 ? 3 : -3);
            value.AddRows(i == 0 ? 4 : -4);
            still.AddBatches(1);
        }

        // Two numbers ±a have the sample variance 2a².
        Assert.Equal(Math.Sqrt((18 * 3 / 2.0) + 32), value.ToInterval(3, 5, corrects: true).StandardError, 1e-12);
        Interval fixedOne = still.ToInterval(3, 0, corrects: true);
        Assert.Equal(1, fixedOne.Low, 1e-9);
        Assert.Equal(1, fixedOne.High, 1e-9);
    }

    private static double Logit(double share) => Math.Log(share / (1 - share));
}
