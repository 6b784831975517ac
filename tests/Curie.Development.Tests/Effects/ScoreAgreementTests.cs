using Curie.Development.Effects;
using Curie.Response.Patterns;

namespace Curie.Development.Tests.Effects;

public sealed class ScoreAgreementTests
{
    [Fact]
    public void Correlations_over_heads_are_pearsons_with_students_p()
    {
        // x = 1, 2, 3, 4, 5 and y = 3, −1, 4, 1, 5: r = 6/√(10·23.2) = 0.39392, t = r·√3/√(1 − r²) = 0.74231, p = 0.51186 with 3 degrees of
        // freedom, by its closed form
        // p = 1 − (2/π)·[atan(t/√3) + (t/√3)/(1 + t²/3)].
        double[] expressed = [3, -1, 4, 1, 5];
        PatternExpression[] expression =
        [
            .. expressed.Select((value, head) => Of($"l0h{head}", "induction", value)),
            Of("embed", "induction", 100),
        ];
        Dictionary<string, double> rising = Enumerable.Range(0, 5).ToDictionary(head => $"l0h{head}", head => head + 1.0);
        Dictionary<string, double> constant = rising.ToDictionary(pair => pair.Key, _ => 1.0);
        IReadOnlyList<ScoreAgreement> found = ScoreAgreement.Of([("rising", rising), ("constant", constant)], expression);
        Assert.Equal(2, found.Count);
        double r = 6 / Math.Sqrt(232);
        double u = r / Math.Sqrt(1 - (r * r));
        double p = 1 - (2 / Math.PI * (Math.Atan(u) + (u / (1 + (u * u)))));
        Assert.Equal(("rising", "induction", 5), (found[0].Measure, found[0].Pattern, found[0].Heads));
        Assert.Equal(r, found[0].Correlation, 1e-12);
        Assert.Equal(p, found[0].P, 1e-9);
        Assert.Equal(p, found[0].Q, 1e-9);
        Assert.True(double.IsNaN(found[1].Correlation) && double.IsNaN(found[1].P));
    }

    [Fact]
    public void Two_heads_make_no_correlation() =>
        Assert.Empty(
            ScoreAgreement.Of(
                [("score", new Dictionary<string, double> { ["l0h0"] = 1, ["l0h1"] = 2 })],
                [Of("l0h0", "numeric", 1), Of("l0h1", "numeric", 2), Of("l0h2", "numeric", 3)]
            )
        );

    private static PatternExpression Of(string component, string pattern, double apart)
    {
        PatternMean mean = new(apart, 0.1, 0.1, 0.5, 0.5);
        return new PatternExpression(component, pattern, 30, mean with { Mean = -7 }, mean);
    }
}
