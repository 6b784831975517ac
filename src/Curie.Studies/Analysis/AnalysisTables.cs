using System.Globalization;
using System.Text;
using Curie.Numerics.Files;
using Curie.Response.Attribution;
using Curie.Response.Factors;
using Curie.Response.Patterns;

namespace Curie.Studies.Analysis;

/// <summary>The CSV files of a <see cref="RunAnalysis"/>, by name.</summary>
public static class AnalysisTables
{
    /// <summary>Every file and its text.</summary>
    public static IReadOnlyDictionary<string, string> Of(RunAnalysis analysis) =>
        new Dictionary<string, string>
        {
            ["attribution.csv"] = Table(
                "group,mode,term,share,standard_error,low,high,half_correlation,reliability,draws_needed",
                analysis.Attribution.SelectMany(mode =>
                    mode.Terms.Select(term =>
                        Line(
                            mode.Group,
                            mode.Mode,
                            term.Term,
                            term.Share.Value,
                            term.Share.StandardError,
                            term.Share.Low,
                            term.Share.High,
                            term.HalfCorrelation,
                            term.Reliability,
                            term.DrawsNeeded
                        )
                    )
                )
            ),
            ["views.csv"] = Table(
                "group,view,tokens,mode,explained_variance,half_correlation,reliability,draws_needed,alignment,component,loading",
                from survey in analysis.Survey
                from view in survey.Views
                from mode in view.Modes
                from loading in mode.Loadings
                select Line(
                    survey.Group,
                    view.View,
                    view.Tokens,
                    mode.Mode,
                    mode.ExplainedVariance,
                    mode.HalfCorrelation,
                    mode.Reliability,
                    mode.DrawsNeeded,
                    mode.Alignment,
                    loading.Key,
                    loading.Value
                )
            ),
            ["patterns.csv"] = Table(
                "group,mode,extremes,pattern,base_rate,top,bottom,top_p,bottom_p,top_q,bottom_q,mean_score",
                analysis.Patterns.SelectMany(mode =>
                    mode.Patterns.Select(one =>
                        Line(
                            mode.Group,
                            mode.Mode,
                            mode.Extremes,
                            one.Pattern,
                            one.BaseRate,
                            one.Top,
                            one.Bottom,
                            one.TopP,
                            one.BottomP,
                            one.TopQ,
                            one.BottomQ,
                            one.MeanScore
                        )
                    )
                )
            ),
            ["expression.csv"] = Table(
                "component,pattern,tokens,expression,text_error,sampling_error,p,q,"
                    + "apart,apart_text_error,apart_sampling_error,apart_p,apart_q",
                analysis.Expression.Select(one =>
                    Line([one.Component, one.Pattern, one.Tokens, .. Fields(one.Expression), .. Fields(one.Apart)])
                )
            ),
            ["standardized.csv"] = Table(
                "component,probe,tokens,value,text_error,sampling_error,p,q",
                analysis.Standardized.Select(one => Line([one.Component, one.Pattern, one.Tokens, .. Fields(one.Expression)]))
            ),
            ["positions.csv"] = Table(
                "component,first,last,tokens,mean,standard_error,spread",
                analysis.Positions.Select(one =>
                    Line(one.Component, one.First, one.Last, one.Tokens, one.Mean, one.StandardError, one.Spread)
                )
            ),
            ["alignment.csv"] = Table(
                "component,correlation,ceiling,size_ratio",
                (analysis.Alignment ?? []).Select(one => Line(one.Component, one.Correlation, one.Ceiling, one.SizeRatio))
            ),
            ["llc-slope.csv"] = Table(
                "probe,component,value,standard_error",
                (analysis.Slopes ?? []).Select(one => Line(one.Probe, one.Component, one.Value, one.StandardError))
            ),
            ["levels.csv"] = Table(
                "component,phi,phi_se,phi_gaussian,phi_gaussian_se,phi_loss,phi_loss_se,phi_variance_ratio,excess_sd,excess_gaussian_sd,"
                    + "excess_loss_sd,excess_correlation,excess_ceiling,excess_variance_ratio,"
                    + "covariance_sd,covariance_gaussian_sd,covariance_loss_sd,covariance_correlation,covariance_ceiling",
                (analysis.Levels ?? []).Select(one =>
                    Line([one.Component, .. Fields(one.Phi), .. Fields(one.Excess), one.ExcessVarianceRatio, .. Fields(one.Covariance)])
                )
            ),
            ["matching.csv"] = Table(
                "group,component,partner,correlation,standard_error,same_name",
                from matching in analysis.Matching ?? []
                from head in matching.Heads
                select Line(matching.Group, head.Component, head.Partner, head.Correlation, head.StandardError, head.SameName)
            ),
            ["factors.csv"] = Table(
                "group,method,factor,explained_variance,kurtosis,component,loading",
                from turned in analysis.Factors
                from factor in turned.Varimax.Concat(turned.Independent)
                from loading in factor.Loadings
                select Line(
                    turned.Group,
                    Word(factor.Method),
                    factor.Number,
                    factor.ExplainedVariance,
                    factor.Kurtosis,
                    loading.Key,
                    loading.Value
                )
            ),
        };

    private static string Word(FactorMethod method) => method == FactorMethod.Varimax ? "varimax" : "independent";

    private static object?[] Fields(PatternMean? mean) =>
        mean is null ? [null, null, null, null, null] : [mean.Mean, mean.TextError, mean.SamplingError, mean.P, mean.Q];

    private static object?[] Fields(LevelMean mean) =>
        [mean.Total, mean.TotalError, mean.Gaussian, mean.GaussianError, mean.Loss, mean.LossError, mean.VarianceRatio];

    private static object?[] Fields(LevelSpread? spread) =>
        spread is null ? [null, null, null, null, null] : [spread.Total, spread.Gaussian, spread.Loss, spread.Correlation, spread.Ceiling];

    private static string Table(string header, IEnumerable<string> lines)
    {
        StringBuilder csv = new(header);
        csv.Append('\n');
        foreach (string line in lines)
        {
            csv.Append(line).Append('\n');
        }

        return csv.ToString();
    }

    /// <summary>A line; numbers read back to the same float64, and those that do not exist are empty.</summary>
    private static string Line(params object?[] fields) =>
        string.Join(
            ',',
            fields.Select(field =>
                field switch
                {
                    null => "",
                    double number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "",
                    string text => CsvText.Field(text),
                    _ => Convert.ToString(field, CultureInfo.InvariantCulture),
                }
            )
        );
}
