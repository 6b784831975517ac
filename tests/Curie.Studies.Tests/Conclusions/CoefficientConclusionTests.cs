using Curie.Numerics.Statistics;
using Curie.Studies.Conclusions;

namespace Curie.Studies.Tests.Conclusions;

public sealed class CoefficientConclusionTests
{
    [Fact]
    public void The_largest_is_named_with_those_that_it_does_not_exceed_beyond_error()
    {
        Conclusion conclusion = CoefficientConclusion.Of(
            new Dictionary<string, MeanEstimate>
            {
                ["full"] = new(50, 2, 20),
                ["l0h0"] = new(5.0, 0.1, 20),
                ["l0h1"] = new(4.9, 0.1, 20),
                ["l0h2"] = new(1.0, 0.1, 20),
                ["l0h3"] = new(double.NaN, 0.1, 20),
            }
        );
        Assert.Equal("The whole model has λ̂ = 50 ± 2.", conclusion.Headline);
        Assert.Contains("Of 3 components, l0h0 (5.00 ± 0.10)", conclusion.Sentences[1], StringComparison.Ordinal);

        // 4.0 and 3.9 over .14 are far beyond any threshold, .1 over .14 is not.
        Assert.Contains("2 of 3 pairs differ", conclusion.Sentences[2], StringComparison.Ordinal);
        Assert.EndsWith("l0h0 is larger than all but l0h1.", conclusion.Sentences[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Coefficients_that_do_not_differ_are_said_not_to()
    {
        Conclusion conclusion = CoefficientConclusion.Of(
            new Dictionary<string, MeanEstimate> { ["l0h0"] = new(5.0, 1, 10), ["l0h1"] = new(5.5, 1, 10) }
        );
        Assert.Contains("No two of them differ", conclusion.Sentences[^1], StringComparison.Ordinal);
        Assert.Empty(CoefficientConclusion.Of(new Dictionary<string, MeanEstimate> { ["l0h0"] = new(5.0, 1, 10) }).Sentences);
    }
}
