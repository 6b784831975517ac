using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Response.Modes;

/// <summary>How much one part varies over the tokens, and how well a single value of it is known.</summary>
/// <param name="Part">The part.</param>
/// <param name="StandardDeviation">The standard deviation over tokens, about each component's own mean, pooled over components.</param>
/// <param name="StandardError">The root mean square of the standard errors of single values.</param>
public sealed record PartSpread(ResponsePart Part, double StandardDeviation, double StandardError)
{
    /// <summary>
    /// StandardError² / StandardDeviation²: the share of the variance over tokens that the estimate's own error makes up.
    /// </summary>
    public double NoiseShare => StandardError * StandardError / (StandardDeviation * StandardDeviation);
}

/// <summary>
/// How the two terms of χ share its variance over tokens: as χ = C + N with C the covariance and N the renormalisation term,
/// <code>
/// Var χ = Var C + Var N + 2·Cov(C, N)
/// </code>
/// each about every component's own mean and pooled over the components of a group.
/// </summary>
/// <param name="Group">The group's name.</param>
/// <param name="Components">How many components have an estimate.</param>
/// <param name="Parts">The parts that the run holds.</param>
/// <param name="CrossTerm">2·Cov(C, N), nats⁴.</param>
public sealed record VarianceSplit(string Group, int Components, IReadOnlyList<PartSpread> Parts, double CrossTerm)
{
    /// <summary>Var C / Var χ.</summary>
    public double CovarianceShare => Variance(ResponsePart.Covariance) / Variance(ResponsePart.Susceptibility);

    /// <summary>Var N / Var χ.</summary>
    public double RenormalizationShare => Variance(ResponsePart.Renormalization) / Variance(ResponsePart.Susceptibility);

    /// <summary>2·Cov(C, N) / Var χ: what makes the three shares sum to one.</summary>
    public double CrossShare => CrossTerm / Variance(ResponsePart.Susceptibility);

    /// <summary>The spread of one part.</summary>
    public PartSpread this[ResponsePart part] => Parts.First(spread => spread.Part == part);

    /// <summary>Whether a run holds χ and both of its terms.</summary>
    public static bool IsPossible(RunManifest run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Holds(ResponsePart.Susceptibility) && run.Holds(ResponsePart.Covariance) && run.Holds(ResponsePart.Renormalization);
    }

    /// <summary>
    /// Splits the variance of every group of <see cref="ModeGroup.PerLayerAndAll"/>; a group without an estimate is left out, and all are
    /// where the run does not hold χ and both of its terms.
    /// </summary>
    public static IReadOnlyList<VarianceSplit> Of(SusceptibilityRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!IsPossible(run.Manifest))
        {
            return [];
        }

        IReadOnlyList<ResponsePart> parts = run.Manifest.HeldParts;
        RowMoments[] rows = [.. Enumerable.Range(0, run.Manifest.Components.Count).Select(row => RowMoments.Of(run.Data.Response, row))];
        return
        [
            .. ModeGroup
                .PerLayerAndAll(run.Manifest.Components)
                .Select(group => (group.Name, Rows: group.Rows.Select(row => rows[row]).Where(row => row.IsFinite).ToArray()))
                .Where(group => group.Rows.Length > 0)
                .Select(group => new VarianceSplit(
                    group.Name,
                    group.Rows.Length,
                    [.. parts.Select((part, place) => Spread(part, place, group.Rows))],
                    2 * group.Rows.Average(row => row.CrossCovariance)
                )),
        ];
    }

    private double Variance(ResponsePart part) => this[part].StandardDeviation * this[part].StandardDeviation;

    private static PartSpread Spread(ResponsePart part, int place, RowMoments[] rows) =>
        new(part, Math.Sqrt(rows.Average(row => row.Variances[place])), Math.Sqrt(rows.Average(row => row.SquaredErrors[place])));

    /// <summary>Second moments of one component over tokens, by part.</summary>
    private sealed record RowMoments(double[] Variances, double[] SquaredErrors, double CrossCovariance)
    {
        public bool IsFinite => double.IsFinite(CrossCovariance) && Variances.All(double.IsFinite);

        public static RowMoments Of(PartMatrices<float> matrices, int row)
        {
            int start = row * matrices.Columns;
            ReadOnlySpan<float> Values(ResponsePart part) => matrices.Values(part).AsSpan(start, matrices.Columns);
            return new RowMoments(
                [.. matrices.Parts.Select(part => Covariance(Values(part), Values(part)))],
                [.. matrices.Parts.Select(part => MeanSquare(matrices.StandardErrors(part).AsSpan(start, matrices.Columns)))],
                Covariance(Values(ResponsePart.Covariance), Values(ResponsePart.Renormalization))
            );
        }

        private static double Covariance(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
        {
            double leftMean = Mean(left),
                rightMean = Mean(right),
                sum = 0;
            for (int i = 0; i < left.Length; i++)
            {
                sum += (left[i] - leftMean) * (right[i] - rightMean);
            }

            return sum / left.Length;
        }

        private static double Mean(ReadOnlySpan<float> values)
        {
            double sum = 0;
            foreach (float value in values)
            {
                sum += value;
            }

            return sum / values.Length;
        }

        private static double MeanSquare(ReadOnlySpan<float> values)
        {
            double sum = 0;
            foreach (float value in values)
            {
                sum += (double)value * value;
            }

            return sum / values.Length;
        }
    }
}
