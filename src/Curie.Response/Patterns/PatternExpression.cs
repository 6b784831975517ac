using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using MathNet.Numerics.Distributions;

namespace Curie.Response.Patterns;

/// <summary>A mean over a pattern's tokens, in standard deviations over all tokens.</summary>
/// <param name="Mean">The mean; below 0 the component expresses the pattern, above 0 it suppresses it.</param>
/// <param name="TextError">Its standard error over rows of text: rows are taken as independent, tokens of a row are not.</param>
/// <param name="SamplingError">Its standard error by the chains' draws, from batch means; NaN where the run keeps none.</param>
/// <param name="P">Two-sided, by Student's t of the mean over both errors in quadrature; the degrees of freedom are those of the fewer rows
/// or batches.</param>
/// <param name="Q"><paramref name="P"/> adjusted for all components and patterns (Benjamini and Hochberg 1995).</param>
public sealed record PatternMean(double Mean, double TextError, double SamplingError, double P, double Q)
{
    /// <summary>Both errors in quadrature; the text's alone where the other is unknown.</summary>
    public double StandardError =>
        double.IsNaN(SamplingError) ? TextError : Math.Sqrt((TextError * TextError) + (SamplingError * SamplingError));
}

/// <summary>How one component responds to one pattern.</summary>
/// <param name="Component">The component.</param>
/// <param name="Pattern">The pattern.</param>
/// <param name="Tokens">The pattern's tokens.</param>
/// <param name="Expression">The mean of ψ/s over these tokens, ψ the part less its mean over all tokens, s its standard deviation.</param>
/// <param name="Apart">The same of ψ/s less its mean over all components: what sets the component apart. Null for a component
/// alone.</param>
public sealed record PatternExpression(string Component, string Pattern, int Tokens, PatternMean Expression, PatternMean? Apart)
{
    /// <summary>Measures every component that varies over tokens on every pattern.</summary>
    /// <param name="run">The run.</param>
    /// <param name="part">The part.</param>
    /// <param name="classes">The patterns of all tokens.</param>
    public static IReadOnlyList<PatternExpression> Of(SusceptibilityRun run, ResponsePart part, TokenClasses classes)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(classes);
        int[] components = [.. ComponentTokens.Strongest(run, part).Order()];
        if (components.Length == 0)
        {
            return [];
        }

        double[] deviations = new double[components.Length];
        double[][] values = Standardized(run, part, components, deviations);
        BatchEstimate? batches = BatchEstimate.Of(run, components, part).Estimate;
        double[][][]? sampled = batches is null ? null : BatchMeans(batches, part, classes, deviations);
        double[] common = [.. Enumerable.Range(0, run.Data.Tokens.Count).Select(i => values.Average(row => row[i]))];
        List<PatternExpression> result = [];
        for (int c = 0; c < components.Length; c++)
        {
            double[] apart = [.. values[c].Zip(common, (value, mean) => value - mean)];
            for (int p = 0; p < classes.Names.Count; p++)
            {
                int count = classes.Count(p);
                if (count == 0)
                {
                    continue;
                }

                double[]? own = sampled?[c][p];
                double[]? others = own is null ? null : [.. own.Select((value, b) => value - sampled!.Average(one => one[p][b]))];
                result.Add(
                    new PatternExpression(
                        run.Manifest.Components[components[c]],
                        classes.Names[p],
                        count,
                        Mean(values[c], classes.Members[p], run.Data.Tokens, batches, own),
                        components.Length > 1 ? Mean(apart, classes.Members[p], run.Data.Tokens, batches, others) : null
                    )
                );
            }
        }

        return Adjusted(result);
    }

    private static List<PatternExpression> Adjusted(List<PatternExpression> result)
    {
        double[] expression = FalseDiscovery.Adjust([.. result.Select(one => one.Expression.P)]);
        double[] apart = FalseDiscovery.Adjust([.. result.Select(one => one.Apart?.P ?? double.NaN)]);
        return
        [
            .. result.Select(
                (one, i) =>
                    one with
                    {
                        Expression = one.Expression with { Q = expression[i] },
                        Apart = one.Apart is null ? null : one.Apart with { Q = apart[i] },
                    }
            ),
        ];
    }

    private static double[][] Standardized(SusceptibilityRun run, ResponsePart part, int[] components, double[] deviations)
    {
        PartMatrices<float> matrices = run.Data.Response;
        double[][] values =
        [
            .. components.Select(row =>
                Array.ConvertAll(matrices.Values(part)[(row * matrices.Columns)..((row + 1) * matrices.Columns)], value => (double)value)
            ),
        ];
        for (int c = 0; c < values.Length; c++)
        {
            double mean = Moments.Mean(values[c]);
            deviations[c] = Math.Sqrt(Moments.Covariance(values[c], values[c]));
            for (int i = 0; i < values[c].Length; i++)
            {
                values[c][i] = (values[c][i] - mean) / deviations[c];
            }
        }

        return values;
    }

    /// <summary>
    /// For each component and pattern, by batch: the mean over the pattern's sampled tokens less that over all sampled ones; null where
    /// none is sampled.
    /// </summary>
    private static double[][][] BatchMeans(BatchEstimate batches, ResponsePart part, TokenClasses classes, double[] deviations)
    {
        int[] tokens = batches.Tokens.ToArray();
        int[][] members =
        [
            .. classes.Members.Select(pattern => Enumerable.Range(0, tokens.Length).Where(i => pattern[tokens[i]]).ToArray()),
        ];
        double[][][] means = new double[deviations.Length][][];
        for (int c = 0; c < deviations.Length; c++)
        {
            double[][] linear = batches.Linearized(part, c);
            double[] overall = [.. linear.Select(batch => batch.Average())];
            means[c] =
            [
                .. members.Select(pattern =>
                    linear
                        .Select(
                            (batch, b) => pattern.Length == 0 ? double.NaN : (pattern.Average(i => batch[i]) - overall[b]) / deviations[c]
                        )
                        .ToArray()
                ),
            ];
        }

        return means;
    }

    private static PatternMean Mean(double[] values, bool[] members, TokenTable tokens, BatchEstimate? batches, double[]? batchMeans)
    {
        RowMean mean = RowMean.Of(values, members, tokens);
        double samplingError = batches is null || batchMeans is null ? double.NaN : batches.StandardError(batchMeans);
        int degrees = double.IsNaN(samplingError) ? mean.Rows - 1 : Math.Min(mean.Rows, batches!.Draws.Length) - 1;
        PatternMean result = new(mean.Mean, mean.StandardError, samplingError, double.NaN, double.NaN);
        return degrees < 1 || !(result.StandardError > 0)
            ? result
            : result with
            {
                P = 2 * StudentT.CDF(0, 1, degrees, -Math.Abs(mean.Mean) / result.StandardError),
            };
    }
}
