using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;
using MathNet.Numerics.Distributions;

namespace Curie.Response.Reproducibility;

/// <summary>
/// Intervals of reliabilities ρ = 1 − N/T, N the noise in the sum T of squares over tokens of a component's values or of a mode's scores.
/// N is what leaving out one of the K batches at a time shows (Tukey 1958): N = (K − 1)/K·Σ_b |d_b|², d_b the difference from their mean
/// of the values without batch b. It is spread like χ² with ν = (K − 1)·(Σ_b d_b·d_b)²/Σ_bb' (d_b·d_b')² degrees of freedom, as many
/// as K − 1 times the directions that the noise has. The errors of T and of the choice of rows, by jackknives over batches and rows,
/// enter the ends in quadrature (Zou and Donner 2008).
/// </summary>
internal sealed record ReliabilityIntervals(IReadOnlyList<Interval?> Components, IReadOnlyList<Interval?> Modes)
{
    private const double Level = 0.975;

    /// <summary>Makes them.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part.</param>
    /// <param name="components">The components, as indices.</param>
    /// <param name="loadings">The modes' loadings.</param>
    /// <param name="ofAllText">Whether rows stand for all text; otherwise they are taken as given.</param>
    public static ReliabilityIntervals Of(
        SusceptibilityRun run,
        ResponsePart part,
        IReadOnlyList<int> components,
        IReadOnlyList<double[]> loadings,
        bool ofAllText = true
    )
    {
        BatchEstimate estimate = BatchEstimate.Of(run, components, part).Estimate!;
        int batches = estimate.Draws.Length;
        double[] all = BatchChoice.All(estimate.Draws);
        double[][][] left =
        [
            .. Enumerable
                .Range(0, batches)
                .Select(batch => Values(run, part, estimate, [.. all.Select((p, b) => b == batch ? 0 : p / (1 - all[batch]))], loadings)),
        ];
        double[][] whole = Values(run, part, estimate, all, loadings);
        (int[] row, int[][] probes) = RowMoments.Rows(run.Data.Tokens, [.. estimate.Tokens]);
        Interval?[] intervals = [.. whole.Select((values, i) => Of(values, [.. left.Select(one => one[i])], row, ofAllText ? probes : []))];
        return new ReliabilityIntervals(intervals[..components.Count], intervals[components.Count..]);
    }

    private static Interval? Of(double[] values, double[][] left, int[] row, int[][] probes)
    {
        int batches = left.Length;
        double scale = (batches - 1.0) / batches;
        double[][] noise = Noise(left);
        double noises = scale * noise.Sum(one => Square(one));
        double total = Square(CentredValues.Of(values));
        double ofTotal = Jackknife.Variance([.. left.Select(one => Math.Log(Square(CentredValues.Of(one))))]);
        (double ofRows, int rows) = ByRows(values, noise, row, probes, scale);
        double chi = (batches - 1) * Rank(noise);
        double change = Math.Log(noises / total);
        double other = ResampledValue.HalfWidth((ofTotal, batches - 1), (ofRows, rows));
        double down = double.Hypot(Math.Log(ChiSquared.InvCDF(chi, Level) / chi), other);
        double up = double.Hypot(Math.Log(chi / ChiSquared.InvCDF(chi, 1 - Level)), other);
        double value = 1 - Math.Exp(change);

        // Of log(1 − ρ): d(1 − ρ) = (1 − ρ)·d log(1 − ρ), and a variance of ν degrees of freedom has a relative error of √(2/ν).
        Interval interval = new(
            value,
            (1 - value) * Math.Sqrt((2 / chi) + ofTotal + ofRows),
            1 - Math.Exp(change + up),
            1 - Math.Exp(change - down)
        );
        return double.IsFinite(interval.Low) && double.IsFinite(interval.High) ? interval : null;
    }

    /// <summary>d_b, each centred over tokens.</summary>
    private static double[][] Noise(double[][] left)
    {
        double[] mean = new double[left[0].Length];
        foreach (double[] one in left)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += one[i] / left.Length;
            }
        }

        return [.. left.Select(one => CentredValues.Of([.. one.Zip(mean, (value, middle) => value - middle)]))];
    }

    /// <summary>(Σ_b d_b·d_b)²/Σ_bb' (d_b·d_b')²: the number of directions of noise, were it alike in all of them.</summary>
    private static double Rank(double[][] noise)
    {
        double trace = noise.Sum(one => Square(one));
        double squares = noise.Sum(one => noise.Sum(other => Math.Pow(one.Zip(other, (x, y) => x * y).Sum(), 2)));
        return trace * trace / squares;
    }

    private static double Square(double[] values) => values.Sum(value => value * value);

    private static (double Variance, int Freedom) ByRows(double[] values, double[][] noise, int[] row, int[][] probes, double scale)
    {
        int rows = probes.Sum(one => one.Length);
        if (rows == 0)
        {
            return (0, 0);
        }

        double[] tokens = new double[rows];
        foreach (int one in row)
        {
            tokens[one]++;
        }

        double[] total = WithoutRow(CentredValues.Of(values), row, tokens);
        double[] noises = new double[rows];
        foreach (double[] one in noise)
        {
            double[] without = WithoutRow(one, row, tokens);
            for (int r = 0; r < rows; r++)
            {
                noises[r] += scale * without[r];
            }
        }

        double[] change = [.. noises.Zip(total, (one, other) => Math.Log(one / other))];
        return (
            probes.Where(one => one.Length > 1).Sum(one => Jackknife.Variance([.. one.Select(r => change[r])])),
            probes.Sum(one => one.Length - 1)
        );
    }

    /// <summary>The sum of squares around the mean without each row, per token.</summary>
    private static double[] WithoutRow(double[] values, int[] row, double[] tokens)
    {
        double[] sums = new double[tokens.Length];
        double[] squares = new double[tokens.Length];
        for (int i = 0; i < values.Length; i++)
        {
            sums[row[i]] += values[i];
            squares[row[i]] += values[i] * values[i];
        }

        (double sum, double square) = (sums.Sum(), squares.Sum());
        return [.. tokens.Select((count, r) => square - squares[r] - ((sum - sums[r]) * (sum - sums[r]) / (values.Length - count)))];
    }

    /// <summary>The components' values, then the modes' scores.</summary>
    private static double[][] Values(
        SusceptibilityRun run,
        ResponsePart part,
        BatchEstimate estimate,
        double[] shares,
        IReadOnlyList<double[]> loadings
    )
    {
        double[][] values = estimate.Values(part, shares);
        if (part.IncludesBaseline)
        {
            foreach (double[] one in values)
            {
                for (int i = 0; i < one.Length; i++)
                {
                    one[i] += run.Data.Tokens.InitLoss[estimate.Tokens[i]];
                }
            }
        }

        return
        [
            .. values,
            .. loadings.Select(loading =>
                Enumerable.Range(0, values[0].Length).Select(i => values.Select((one, c) => loading[c] * one[i]).Sum()).ToArray()
            ),
        ];
    }
}
