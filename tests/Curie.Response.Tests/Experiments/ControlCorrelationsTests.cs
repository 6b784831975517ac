using Curie.Response.Experiments;
using Curie.Sampling.Calibration;

namespace Curie.Response.Tests.Experiments;

/// <summary>What is left of a correlation when sampling error is taken out, from batches that are made up.</summary>
public sealed class ControlCorrelationsTests
{
    /// <summary>
    /// Two equal batches ±1 about x = (3, −3) over 2 tokens: V = 18, E = 2 (2 of each token: Σ m(C − x)²/((B − 1)N) = 2·m·1/(2m) = 1), so
    /// ρ = 16/18. The other is x itself without error. r = 1 and r/ceiling = √(18/16).
    /// </summary>
    [Fact]
    public void Reliability_and_ceiling_are_those_of_the_definition()
    {
        ControlCorrelation found = ControlCorrelations.Of([(5, [4, -4]), (5, [2, -2])], [(1, [1, -1]), (1, [1, -1])])!;
        Assert.Equal(1, found.Correlation, 1e-12);
        Assert.Equal(Math.Sqrt(16.0 / 18), found.Ceiling!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(18.0 / 16), found.OfCeiling!.Value, 1e-12);
        Assert.Null(found.OfCeilingError);
        Assert.Null(ControlCorrelations.Of([(5, [4, -4])], [(1, [1, -1]), (1, [1, -1])]));
    }

    /// <summary>
    /// x = y·.6 + z·.8 with independent y and z has a correlation of .6 with y; both are seen with as much error as signal in 16 batches of
    /// unequal length. Over 400 repetitions the mean of r/ceiling is .6 within four of its own standard errors and the bias of a quotient,
    /// of order its variance, .02; the jackknife's error is the scatter within a fifth.
    /// </summary>
    [Fact]
    public void Sampling_error_is_taken_out_and_the_jackknife_says_how_well()
    {
        const int Repetitions = 400;
        const int Tokens = 200;
        Random random = new(11);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] y = [.. Enumerable.Range(0, Tokens).Select(_ => Normal())];
        double[] z = [.. Enumerable.Range(0, Tokens).Select(_ => Normal())];
        Decorrelate(y, y);
        Decorrelate(z, y);
        double[] x = [.. y.Zip(z, (a, b) => (0.6 * a) + (0.8 * b))];
        List<double> found = [];
        List<double> errors = [];
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            ControlCorrelation one = ControlCorrelations.Of(Seen(x, 16), Seen(y, 8))!;
            Assert.True(one.Correlation < one.OfCeiling);
            found.Add(one.OfCeiling!.Value);
            errors.Add(one.OfCeilingError!.Value);
        }

        double mean = found.Average();
        double scatter = Math.Sqrt(found.Sum(value => (value - mean) * (value - mean)) / (Repetitions - 1));
        Assert.InRange(mean, 0.6 - 0.02 - (4 * scatter / Math.Sqrt(Repetitions)), 0.6 + 0.02 + (4 * scatter / Math.Sqrt(Repetitions)));
        Assert.InRange(Math.Sqrt(errors.Average(error => error * error)) / scatter, 0.8, 1.25);

        (int Draws, double[] Means)[] Seen(double[] values, int batches) =>
            [
                .. Enumerable
                    .Range(0, batches)
                    .Select(batch =>
                    {
                        int draws = 3 + (batch % 2);
                        double[] means = [.. values.Select(value => value + (Math.Sqrt(batches * 3.5 / draws) * Normal()))];
                        double centre = means.Average();
                        return (draws, means.Select(value => value - centre).ToArray());
                    }),
            ];
    }

    /// <summary>Centres, takes out what is along another (unless it is the same) and scales to a variance of 1.</summary>
    private static void Decorrelate(double[] values, double[] along)
    {
        double mean = values.Average();
        double share = ReferenceEquals(values, along)
            ? 0
            : values.Zip(along, (a, b) => (a - mean) * b).Sum() / along.Sum(value => value * value);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] -= mean + (share * along[i]);
        }

        double scale = Math.Sqrt(values.Sum(value => value * value) / (values.Length - 1));
        for (int i = 0; i < values.Length; i++)
        {
            values[i] /= scale;
        }
    }
}
