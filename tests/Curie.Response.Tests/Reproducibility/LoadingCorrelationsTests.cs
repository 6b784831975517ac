using Curie.Numerics.Random;
using Curie.Response.Attribution;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;

namespace Curie.Response.Tests.Reproducibility;

public sealed class LoadingCorrelationsTests
{
    private const int Heads = 8;
    private const int Samples = 400;
    private const int Batches = 8;
    private const int Rows = 40;

    private static readonly double[] Scores = [0.75, 0.74, 0.42, 0.63, 0.0, 0.72, 0.04, 0.71];
    private static readonly double[] Loadings = [0.38, 0.30, 0.10, 0.33, -0.35, 0.41, -0.44, 0.28];
    private static readonly double[] Weak = [0.38, -0.2, 0.30, 0.1, 0.15, 0.41, -0.44, -0.28];
    private static readonly double[] NoErrors = new double[Heads];

    /// <summary>Where no replicate differs and the measure no error, the interval is the correlation, but for rounding.</summary>
    [Fact]
    public void Of_loadings_without_noise_the_interval_is_the_correlation()
    {
        double r = Moments.Correlation(Loadings, Scores);
        Interval interval = Noiseless(Loadings).Of(0, Scores, NoErrors)!;
        Assert.Equal(r, interval.Value, 12);
        Assert.Equal(r, interval.Low, 12);
        Assert.Equal(r, interval.High, 12);
        Assert.Equal(0, interval.StandardError);

        // The sign of a mode is arbitrary.
        Interval turned = Noiseless([.. Loadings.Select(loading => -loading)]).Of(0, Scores, NoErrors)!;
        Assert.Equal(interval, turned);
    }

    /// <summary>
    /// With errors of the measure alone, to first order Var z = Σ_c (∂r/∂s_c)²·σ²/(1 − r²)², and t of 400 draws is 1.97. Of 400
    /// draws a standard deviation is known to 3.5 %; four of these, and 5 % for the second order at σ of .02.
    /// </summary>
    [Fact]
    public void Errors_of_the_measure_widen_it_as_they_are_propagated()
    {
        const double Error = 0.02;
        double r = Moments.Correlation(Loadings, Scores);
        double variance = 0;
        for (int c = 0; c < Heads; c++)
        {
            double[] up = [.. Scores];
            up[c] += 1e-6;
            variance += Math.Pow((Moments.Correlation(Loadings, up) - r) / 1e-6 * Error / (1 - (r * r)), 2);
        }

        Interval interval = Noiseless(Loadings).Of(0, Scores, [.. Scores.Select(_ => Error)])!;
        double half = Math.Atanh(r) - Math.Atanh(interval.Low);
        Assert.InRange(half, 1.97 * Math.Sqrt(variance) * 0.81, 1.97 * Math.Sqrt(variance) * 1.19);
    }

    /// <summary>Where errors are larger than what they are errors of, nothing is known of a correlation of .27.</summary>
    [Fact]
    public void No_end_passes_its_bound_however_large_the_errors()
    {
        PhiloxStream random = new(PhiloxKey.Derive(1, RandomPurpose.Bootstrap, "test"));
        Interval interval = Noisy(Weak, 0.5, random).Of(0, Scores, [.. Scores.Select(_ => 0.3)])!;
        Assert.Equal(0, interval.Low);
        Assert.Equal(1, interval.High);
    }

    /// <summary>
    /// Loadings of true values plus noise, of which the replicates hold as much once more, and scores with errors: the interval holds the
    /// true |r| in 93 % or more of 300 experiments, with four standard errors of the study, 1.3 % each; where the loadings' errors are as
    /// large as the true loadings' spread it holds in fewer. Without the errors of the loadings it would hold it in far fewer.
    /// </summary>
    [Theory]
    [InlineData(false, 0.05)]
    [InlineData(true, 0.05)]
    [InlineData(true, 0.1)]
    public void It_holds_the_truth_as_often_as_it_says(bool nearOne, double ofLoadings)
    {
        const int Experiments = 300;
        const double OfScores = 0.02;
        double[] known = nearOne ? Loadings : Weak;
        double truth = Math.Abs(Moments.Correlation(known, Scores));
        Assert.Equal(nearOne ? 0.98 : 0.27, truth, 0.01);
        int held = 0;
        int withoutNoise = 0;
        for (int experiment = 0; experiment < Experiments; experiment++)
        {
            PhiloxStream random = new(PhiloxKey.Derive(experiment, RandomPurpose.Bootstrap, "experiment"));
            double[] loadings = [.. known.Select(loading => loading + (ofLoadings * random.NextGaussian()))];
            double[] scores = [.. Scores.Select(score => score + (OfScores * random.NextGaussian()))];
            double[] errors = [.. Scores.Select(_ => OfScores)];
            held += Holds(Noisy(loadings, ofLoadings, random).Of(0, scores, errors)!, truth);
            withoutNoise += Holds(Noiseless(loadings).Of(0, scores, errors)!, truth);
        }

        double allowed = 4 * Math.Sqrt(0.05 * 0.95 / Experiments);
        Assert.InRange((double)held / Experiments, 0.93 - allowed, 1);
        Assert.InRange((double)withoutNoise / Experiments, 0, 0.93 - allowed);
    }

    /// <summary>
    /// Of replicates with a known deviation the standard error is that deviation, but for what 400 of them leave open: 3.5 % for each of the
    /// two kinds, four times.
    /// </summary>
    [Fact]
    public void Loadings_have_the_spread_of_their_replicates_and_the_sign_as_measured()
    {
        const double Deviation = 0.03;
        LoadingCorrelations noisy = Noisy(Loadings, Deviation, new PhiloxStream(PhiloxKey.Derive(2, RandomPurpose.Bootstrap, "test")));
        IReadOnlyList<Interval> intervals = noisy.Loadings(0, Loadings);
        Assert.All(intervals, interval => Assert.InRange(interval.StandardError, 0.86 * Deviation, 1.14 * Deviation));
        Assert.All(intervals.Zip(Loadings), pair => Assert.InRange(pair.Second, pair.First.Low, pair.First.High));

        IReadOnlyList<Interval> turned = noisy.Loadings(0, [.. Loadings.Select(loading => -loading)]);
        Assert.All(intervals.Zip(turned), pair => Assert.Equal((pair.First.Low, pair.First.High), (-pair.Second.High, -pair.Second.Low)));
    }

    [Fact]
    public void Nothing_is_said_of_fewer_than_three_heads_or_of_a_measure_that_is_the_same_for_all()
    {
        LoadingCorrelations correlations = Noiseless(Loadings);
        double[] two = [0.5, 0.4, .. Enumerable.Repeat(double.NaN, Heads - 2)];
        Assert.Null(correlations.Of(0, two, NoErrors));
        Assert.Null(correlations.Of(0, [.. Enumerable.Repeat(0.5, Heads)], NoErrors));
        Assert.Throws<ArgumentException>(() => correlations.Of(0, [0.5], NoErrors));
    }

    private static int Holds(Interval interval, double truth) => truth >= interval.Low && truth <= interval.High ? 1 : 0;

    private static LoadingCorrelations Noiseless(double[] loadings)
    {
        GramModes modes = Modes(loadings);
        return new LoadingCorrelations(new ModeReplicates(modes, [.. Enumerable.Repeat(modes, Samples)], [], Batches, 0), "test", 1);
    }

    /// <summary>Half of the variance is of batches, whose bootstrap is too small by (K − 1)/K, half of rows.</summary>
    private static LoadingCorrelations Noisy(double[] loadings, double deviation, PhiloxStream random)
    {
        double share = deviation / Math.Sqrt(2);
        double ofBatches = share * Math.Sqrt((Batches - 1.0) / Batches);
        return new LoadingCorrelations(
            new ModeReplicates(
                Modes(loadings),
                [.. Enumerable.Range(0, Samples).Select(_ => Modes(Moved(loadings, ofBatches, random)))],
                [.. Enumerable.Range(0, Samples).Select(_ => Modes(Moved(loadings, share, random)))],
                Batches,
                Rows
            ),
            "test",
            1
        );
    }

    private static double[] Moved(double[] loadings, double deviation, PhiloxStream random) =>
        [.. loadings.Select(loading => loading + (deviation * random.NextGaussian()))];

    private static GramModes Modes(double[] first) =>
        new(new double[Heads], [first, .. Enumerable.Range(1, Heads - 1).Select(_ => NoErrors)]);
}
