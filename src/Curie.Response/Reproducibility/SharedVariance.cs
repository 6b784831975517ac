using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Runs;

namespace Curie.Response.Reproducibility;

/// <summary>
/// How well the share of a run's variance that its control explains is known. With x_b the contributions of the run's batches to a part,
/// linearised and centred over tokens, p_b their shares of the draws, x = Σ p_b·x_b, and y those of the control,
/// <code>
/// c = x·y / √(A·B),   A = (x·x − Σ_b p_b²·x_b·x_b)/(1 − Σ_b p_b²),   B of the control alike:
/// </code>
/// the correlation of what is no sampling error, for products of different batches alone enter A, which noise does not bias. Its variance
/// is the sum of those that leaving out one batch of the run, one of the control, and one row of text at a time show (jackknives, Tukey
/// 1958; rows within their probes, of which those of one row take no part; more than 200 rows are left out in groups): on average never
/// too small (Efron and Stein 1981), and too large where the noise of a batch is as strong as what is no noise. Of several components the
/// inner products add up, over the batches that all of them have.
/// </summary>
internal sealed class SharedVariance
{
    private readonly Batches _own;
    private readonly Batches _other;
    private readonly double[] _crossOfRow;
    private readonly int[][] _probes;

    private SharedVariance(Batches own, Batches other, double[] crossOfRow, int[][] probes)
    {
        _own = own;
        _other = other;
        _crossOfRow = crossOfRow;
        _probes = probes;
    }

    /// <summary>Takes the inner products of some components.</summary>
    /// <param name="run">The run.</param>
    /// <param name="control">Its control, whose noise is its own.</param>
    /// <param name="part">The part.</param>
    /// <param name="components">The components, as indices.</param>
    /// <returns>The products; null where run and control do not keep three batches each of the same tokens, of chains that are healthy in
    /// all components.</returns>
    public static SharedVariance? Of(SusceptibilityRun run, SusceptibilityRun control, ResponsePart part, IReadOnlyList<int> components)
    {
        if (
            BatchEstimate.Of(run, components, part).Estimate is not { } own
            || BatchEstimate.Of(control, components, part).Estimate is not { } other
            || !own.Tokens.SequenceEqual(other.Tokens)
        )
        {
            return null;
        }

        (int[] Row, int[][] Probes) text = RowMoments.Rows(run.Data.Tokens, [.. own.Tokens]);
        SharedVariance? sum = null;
        for (int c = 0; c < components.Count; c++)
        {
            if (Of(Contributions(own, part, c), Contributions(other, part, c), text) is not { } one)
            {
                return null;
            }

            sum = sum is null ? one : Add(sum, one);
        }

        return sum;
    }

    /// <summary>What each batch contributes, so that the mean of contributions by the batches' shares is the part itself.</summary>
    private static (double[][] Contributions, double[] Shares) Contributions(BatchEstimate estimate, ResponsePart part, int component)
    {
        double[] shares = BatchChoice.All(estimate.Draws);
        double[] value = estimate.Values(part, component, shares);
        double[][] linearized = estimate.Linearized(part, component);
        double[] mean = Mean(linearized, shares);
        foreach (double[] one in linearized)
        {
            for (int i = 0; i < one.Length; i++)
            {
                one[i] += value[i] - mean[i];
            }
        }

        return (linearized, shares);
    }

    /// <summary>Takes the inner products of contributions, batches × tokens.</summary>
    internal static SharedVariance? Of(
        (double[][] Contributions, double[] Shares) run,
        (double[][] Contributions, double[] Shares) control,
        (int[] Row, int[][] Probes) text
    )
    {
        if (run.Shares.Length < 3 || control.Shares.Length < 3)
        {
            return null;
        }

        double[][] own = [.. run.Contributions.Select(one => CentredValues.Of(one))];
        double[][] other = [.. control.Contributions.Select(one => CentredValues.Of(one))];
        double[] x = Mean(own, run.Shares);
        double[] y = Mean(other, control.Shares);
        int rows = text.Probes.Sum(one => one.Length);
        return new SharedVariance(
            Batches.Of(own, run.Shares, x, y, text.Row, rows),
            Batches.Of(other, control.Shares, y, x, text.Row, rows),
            ByRow(x, y, text.Row, rows),
            text.Probes
        );
    }

    /// <summary>
    /// The 95 % interval of c², with ĉ = r/ceiling: from max(0, min(ĉ, 1) − t·SE)² to min(1, max(ĉ, 0) + t·SE)², t with Satterthwaite's
    /// degrees of freedom. Null where noise hides the variance of either.
    /// </summary>
    /// <param name="correlation">r, as measured.</param>
    /// <param name="ceiling">What sampling error leaves of a correlation of 1.</param>
    public Interval? Interval(double correlation, double? ceiling)
    {
        if (ceiling is not { } most)
        {
            return null;
        }

        double ofRun = Jackknife.Variance([
            .. Enumerable.Range(0, _own.Count).Select(b => Correlation(_own.Cross(b), _own.Signal(b), _other.Signal())),
        ]);
        double ofControl = Jackknife.Variance([
            .. Enumerable.Range(0, _other.Count).Select(b => Correlation(_other.Cross(b), _own.Signal(), _other.Signal(b))),
        ]);
        double[][] withoutRow =
        [
            .. _probes
                .Where(rows => rows.Length > 1)
                .Select(rows =>
                    rows.Select(row =>
                            Correlation(_own.Product - _crossOfRow[row], _own.SignalWithoutRow(row), _other.SignalWithoutRow(row))
                        )
                        .ToArray()
                ),
        ];
        double ofRows = withoutRow.Sum(Jackknife.Variance);
        double half = ResampledValue.HalfWidth([
            (ofRun, _own.Count - 1),
            (ofControl, _other.Count - 1),
            (ofRows, withoutRow.Sum(rows => rows.Length - 1)),
        ]);
        double estimate = correlation / most;
        return double.IsFinite(half)
            ? new Interval(
                ControlShare.Explained(correlation, ceiling)!.Value,
                2 * Math.Abs(estimate) * Math.Sqrt(ofRun + ofControl + ofRows),
                Bounded(Math.Min(estimate, 1) - half),
                Bounded(Math.Max(estimate, 0) + half)
            )
            : null;
    }

    private static double Bounded(double correlation) => Math.Pow(Math.Clamp(correlation, 0, 1), 2);

    /// <summary>NaN where noise hides a variance.</summary>
    private static double Correlation(double cross, double own, double other) =>
        own > 0 && other > 0 ? cross / Math.Sqrt(own * other) : double.NaN;

    private static SharedVariance Add(SharedVariance one, SharedVariance other) =>
        new(Batches.Add(one._own, other._own), Batches.Add(one._other, other._other), Add(one._crossOfRow, other._crossOfRow), one._probes);

    private static double[] Add(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a + b)];

    private static double[] Mean(double[][] contributions, double[] shares)
    {
        double[] mean = new double[contributions[0].Length];
        for (int b = 0; b < shares.Length; b++)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += shares[b] * contributions[b][i];
            }
        }

        return mean;
    }

    private static double Product(double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static double[] ByRow(double[] x, double[] y, int[] row, int rows)
    {
        double[] sums = new double[rows];
        for (int i = 0; i < x.Length; i++)
        {
            sums[row[i]] += x[i] * y[i];
        }

        return sums;
    }

    /// <summary>The inner products of the batches of one side; the other side's mean is y.</summary>
    /// <param name="Shares">p_b.</param>
    /// <param name="Square">x·x.</param>
    /// <param name="OfBatch">x_b·x_b.</param>
    /// <param name="WithMean">x_b·x.</param>
    /// <param name="WithOther">x_b·y.</param>
    /// <param name="Product">x·y.</param>
    /// <param name="SquareOfRow">x·x − Σ_b p_b²·x_b·x_b over the tokens of each row.</param>
    private sealed record Batches(
        double[] Shares,
        double Square,
        double[] OfBatch,
        double[] WithMean,
        double[] WithOther,
        double Product,
        double[] SquareOfRow
    )
    {
        public int Count => Shares.Length;

        public static Batches Of(double[][] batches, double[] shares, double[] x, double[] y, int[] row, int rows)
        {
            double[] square = ByRow(x, x, row, rows);
            for (int b = 0; b < shares.Length; b++)
            {
                double[] own = ByRow(batches[b], batches[b], row, rows);
                for (int r = 0; r < rows; r++)
                {
                    square[r] -= shares[b] * shares[b] * own[r];
                }
            }

            return new Batches(
                shares,
                SharedVariance.Product(x, x),
                [.. batches.Select(one => SharedVariance.Product(one, one))],
                [.. batches.Select(one => SharedVariance.Product(one, x))],
                [.. batches.Select(one => SharedVariance.Product(one, y))],
                SharedVariance.Product(x, y),
                square
            );
        }

        public static Batches Add(Batches one, Batches other) =>
            new(
                one.Shares,
                one.Square + other.Square,
                SharedVariance.Add(one.OfBatch, other.OfBatch),
                SharedVariance.Add(one.WithMean, other.WithMean),
                SharedVariance.Add(one.WithOther, other.WithOther),
                one.Product + other.Product,
                SharedVariance.Add(one.SquareOfRow, other.SquareOfRow)
            );

        /// <summary>A, of all batches or without one.</summary>
        public double Signal(int? without = null)
        {
            double left = 1;
            double square = Square;
            if (without is { } gone)
            {
                left -= Shares[gone];
                square += (-2 * Shares[gone] * WithMean[gone]) + (Shares[gone] * Shares[gone] * OfBatch[gone]);
            }

            double squares = 0;
            for (int b = 0; b < Count; b++)
            {
                if (b != without)
                {
                    square -= Shares[b] * Shares[b] * OfBatch[b];
                    squares += Shares[b] * Shares[b];
                }
            }

            return square / ((left * left) - squares);
        }

        /// <summary>x·y without a batch.</summary>
        public double Cross(int without) => (Product - (Shares[without] * WithOther[without])) / (1 - Shares[without]);

        /// <summary>A without the tokens of a row, means over tokens taken as known.</summary>
        public double SignalWithoutRow(int row) => Signal() - (SquareOfRow[row] / (1 - Shares.Sum(share => share * share)));
    }
}
