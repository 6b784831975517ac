using Curie.Development.Effects;
using Curie.Response.Reproducibility;
using Curie.Studies.Conclusions;

namespace Curie.Studies.Tests.Conclusions;

public sealed class ModeSentencesTests
{
    /// <summary>Two |r| differ where their difference is more than the root of the squares of the half-intervals towards each other.</summary>
    [Theory]
    [InlineData(0.95, 0.6, "sampling adds to this agreement.")]
    [InlineData(0.6, 0.95, "this is in the network's curvature already, and sampling weakens it.")]
    [InlineData(0.9, 0.92, "this is in the network's curvature already, and what sampling adds to it is within the errors.")]
    public void What_sampling_adds_is_judged_by_both_intervals(double sampled, double gaussian, string expected) =>
        Assert.Equal(expected, ModeSentences.Added(Role(sampled, p: 0.01), Role(gaussian, p: 0.01)));

    [Fact]
    public void Of_an_agreement_that_may_be_chance_in_the_control_it_is_said_that_it_cannot_be_told() =>
        Assert.Equal(
            "the errors leave open whether this is in the network's curvature already.",
            ModeSentences.Added(Role(0.7, p: 0.01), Role(0.68, p: 0.2))
        );

    [Fact]
    public void Without_intervals_the_difference_is_said_with_an_unknown_error() =>
        Assert.Equal(
            "sampling takes away 0.20, of unknown error.",
            ModeSentences.Added(Role(0.7, p: 0.01) with { PrefixMatchingInterval = null }, Role(0.9, p: 0.01))
        );

    private static ModeRole Role(double r, double p) =>
        new("l1", "excess, z-score", 2, 0.2, 0.9, 8, 0.1, r, p)
        {
            PrefixMatchingInterval = new Interval(r, 0.05, r - 0.1, Math.Min(1, r + 0.1)),
        };
}
