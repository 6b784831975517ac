using Curie.Numerics.Statistics;
using FsCheck;
using FsCheck.Fluent;

namespace Curie.Numerics.Tests.Statistics;

public sealed class RunningMomentsTests
{
    [Fact]
    public void Moments_of_five_numbers_by_hand()
    {
        RunningMoments moments = Of([2, 4, 4, 5, 10]);
        Assert.Equal(5, moments.Count);
        Assert.Equal(5, moments.Mean, 1e-15);

        // (9 + 1 + 1 + 0 + 25)/4.
        Assert.Equal(9, moments.Variance, 1e-14);
        Assert.Equal(3, moments.StandardDeviation, 1e-14);
        Assert.Equal(Math.Sqrt(9.0 / 5), moments.StandardError, 1e-14);
    }

    [Fact]
    public void A_large_mean_does_not_cost_the_variance()
    {
        // Σx² would be 1e18·n: its rounding alone exceeds the variance of 1/4·4/3.
        RunningMoments moments = Of([1e9, 1e9 + 1, 1e9, 1e9 + 1]);
        Assert.Equal(1.0 / 3, moments.Variance, 1e-7);
    }

    [Fact]
    public void The_variance_of_fewer_than_two_numbers_is_not_a_number()
    {
        Assert.True(double.IsNaN(Of([]).Variance));
        Assert.True(double.IsNaN(Of([3]).Variance));
    }

    [Fact]
    public void Merged_moments_are_those_of_all_numbers() =>
        Prop.ForAll<short[], short[]>(
                (first, second) =>
                {
                    RunningMoments merged = Of(first.Select(value => value / 8.0));
                    merged.Merge(Of(second.Select(value => value / 8.0)));
                    RunningMoments together = Of(first.Concat(second).Select(value => value / 8.0));

                    // Welford's update errs by a few roundings a number, relative to the largest square (4096²) here.
                    return merged.Count == together.Count
                        && Math.Abs(merged.Mean - together.Mean) <= 1e-10
                        && (together.Count < 2 || Math.Abs(merged.Variance - together.Variance) <= 1e-12 * 4096 * 4096 * together.Count);
                }
            )
            .QuickCheckThrowOnFailure();

    private static RunningMoments Of(IEnumerable<double> values)
    {
        var moments = new RunningMoments();
        foreach (double value in values)
        {
            moments.Add(value);
        }

        return moments;
    }
}
