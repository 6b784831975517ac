using Curie.Response.Attribution;
using Curie.Response.Patterns;
using MathNet.Numerics.Distributions;

namespace Curie.Development.Effects;

/// <summary>How a score of whole heads agrees, over heads, with what sets the heads apart in their response to a pattern.</summary>
/// <param name="Measure">The score's name.</param>
/// <param name="Pattern">The pattern.</param>
/// <param name="Heads">The heads that have both.</param>
/// <param name="Correlation">Pearson's r over heads of the score with <see cref="PatternExpression.Apart"/>: below 0 where heads of a high
/// score express the pattern more than others do.</param>
/// <param name="P">Two-sided, by Student's t with Heads − 2 degrees of freedom; NaN for fewer than three heads.</param>
/// <param name="Q"><paramref name="P"/> adjusted for all scores and patterns (Benjamini and Hochberg 1995).</param>
public sealed record ScoreAgreement(string Measure, string Pattern, int Heads, double Correlation, double P, double Q)
{
    /// <summary>Correlates every score with every pattern over heads; nothing for fewer than three heads.</summary>
    /// <param name="scores">Each score's name and its value by component.</param>
    /// <param name="expression">What every component expresses.</param>
    public static IReadOnlyList<ScoreAgreement> Of(
        IReadOnlyList<(string Name, IReadOnlyDictionary<string, double> Values)> scores,
        IReadOnlyList<PatternExpression> expression
    )
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(expression);
        ScoreAgreement[] found =
        [
            .. from score in scores
            from pattern in expression.GroupBy(one => one.Pattern)
            let pairs = (
                from one in pattern
                where one.Apart is not null && score.Values.ContainsKey(one.Component)
                select (X: score.Values[one.Component], Y: one.Apart!.Mean)
            ).ToArray()
            where pairs.Length > 2
            let r = Moments.Correlation([.. pairs.Select(pair => pair.X)], [.. pairs.Select(pair => pair.Y)])
            select new ScoreAgreement(score.Name, pattern.Key, pairs.Length, r, PValue(r, pairs.Length - 2), double.NaN),
        ];
        double[] q = FalseDiscovery.Adjust([.. found.Select(one => one.P)]);
        return [.. found.Select((one, i) => one with { Q = q[i] })];
    }

    private static double PValue(double r, int degrees) =>
        double.IsNaN(r)
            ? double.NaN
            : 2 * StudentT.CDF(0, 1, degrees, -Math.Abs(r) * Math.Sqrt(degrees / Math.Max(1 - (r * r), double.Epsilon)));
}
