using Curie.Response.Estimators;
using Curie.Response.Modes;
using Curie.Response.Patterns;
using Curie.Response.Runs;
using Curie.Response.Tests.Accumulation;
using Curie.Response.Tests.Reproducibility;

namespace Curie.Response.Tests.Patterns;

public sealed class PatternStatisticsTests
{
    private const int Tokens = 4000;

    [Theory]
    [InlineData(10, 5, 5, 5, 2.0 / 252)]
    [InlineData(10, 5, 5, 0, 2.0 / 252)]
    [InlineData(20, 8, 5, 4, 2 * ((70.0 * 12) + 56) / 15504)]
    [InlineData(10, 4, 10, 4, 1)]
    public void The_overlap_test_is_the_hypergeometric_law(int population, int members, int drawn, int found, double expected) =>
        Assert.Equal(expected, Overlap.PValue(population, members, drawn, found), 1e-9);

    [Fact]
    public void False_discovery_rates_are_those_of_the_procedure()
    {
        // The published procedure by hand: m = 5, p·m/rank = .05, .05, .0667, .05125, .9; then the least from above.
        double[] q = FalseDiscovery.Adjust([0.01, 0.9, 0.041, 0.02, double.NaN, 0.04]);
        double[] expected = [0.05, 0.9, 0.05125, 0.05, double.NaN, 0.05125];
        for (int i = 0; i < q.Length; i++)
        {
            Assert.Equal(expected[i], q[i], 1e-12);
        }
    }

    [Fact]
    public void A_pattern_planted_at_one_end_of_a_mode_is_found_there_and_nowhere_else()
    {
        bool[] planted = [.. Enumerable.Range(0, Tokens).Select(i => i % 20 == 3)];
        bool[] unrelated = [.. Enumerable.Range(0, Tokens).Select(i => i % 7 == 1)];
        TokenClasses classes = new(["planted", "unrelated"], [planted, unrelated], []);
        System.Random random = new(8);
        double[] scores = [.. Enumerable.Range(0, Tokens).Select(i => random.NextDouble() + (planted[i] ? 3 : 0))];
        float[] row = [.. scores.Select(score => (float)score)];
        GroupModes group = new("l0", [], ModeAnalysis.Compute(["l0h0"], [row]), null);
        ModePatterns mode = Assert.Single(ModePatterns.Of([group], classes, modes: 3));
        Assert.Equal(40, mode.Extremes);
        PatternLoading first = mode.Patterns[0];
        Assert.Equal(0.05, first.BaseRate, 1e-12);
        Assert.Equal((1, 0), (first.Top, first.Bottom));
        Assert.True(first.TopQ < 1e-20);

        // Of 40 tokens, none where 2 are expected: (1 − 0.05)⁴⁰ = 0.13, doubled.
        Assert.InRange(first.BottomP, 0.2, 0.3);
        Assert.True(mode.Patterns[1].TopQ > 0.05);
        Assert.True(first.MeanScore > 3);
    }

    [Fact]
    public void Expression_has_its_planted_size_and_covers_it_with_both_errors()
    {
        // Component 0 has −2 on every tenth token beside a common pattern of variance 1; noise of variance 1 in each of 8 batches. With a
        // tenth of the tokens
        // at −2 the variance is 1 + 4·0.09 + 1/8 and the mean of ψ over them −2·0.9, and that over the others' components is 0.
        bool[] planted = [.. Enumerable.Range(0, Tokens).Select(i => i % 10 == 0)];
        System.Random random = new(9);
        double[] common = [.. Enumerable.Range(0, Tokens).Select(_ => LossTrace.Gaussian(random))];
        SusceptibilityRun run = SyntheticRun.Of(
            (c, i) => common[i] - (c == 0 && planted[i] ? 2 : 0),
            noise: 1,
            components: 3,
            Tokens,
            chains: 4,
            batches: 2,
            seed: 10
        );
        for (int i = 0; i < Tokens; i++)
        {
            run.Data.Tokens.Row[i] = i / 50;
        }

        TokenClasses classes = new(["planted", "never"], [planted, new bool[Tokens]], []);
        IReadOnlyList<PatternExpression> found = PatternExpression.Of(run, ResponsePart.Susceptibility, classes);
        Assert.Equal(["l0h0", "l0h1", "l0h2"], found.Select(one => one.Component));
        Assert.All(found, one => Assert.Equal(("planted", Tokens / 10), (one.Pattern, one.Tokens)));
        double deviation = Math.Sqrt(1 + 0.36 + 0.125);
        PatternMean own = found[0].Expression;
        Assert.InRange((own.Mean + (1.8 / deviation)) / own.StandardError, -4, 4);
        Assert.True(own.Q < 1e-6);

        // The text's error is that of 400 tokens of standard deviation √1.125/deviation; rows are independent here. The draws' is
        // √(1/8/400)/deviation, known from 8 batches to 1/√14.
        Assert.Equal(Math.Sqrt(1.125 / 400) / deviation, own.TextError, 0.25 * own.TextError);
        Assert.InRange(own.SamplingError / (Math.Sqrt(0.125 / 400) / deviation), 0.25, 2);
        PatternMean apart = found[0].Apart!;
        Assert.InRange((apart.Mean + (2.0 / 3 * 1.8 / deviation)) / apart.StandardError, -4, 4);
        Assert.True(apart.Q < 1e-6);
        Assert.True(Math.Abs(found[1].Expression.Mean) < 4 * found[1].Expression.StandardError);
    }

    [Fact]
    public void The_standardised_response_to_a_probe_is_its_mean_in_standard_deviations()
    {
        // The second of two probes stands 2 above the first: ψ is −1 and +1, and the standard deviation is 1.
        SusceptibilityRun run = SyntheticRun.Of(
            (c, i) => (c + 1) * (i < Tokens / 2 ? 1.0 : 3.0),
            noise: 0,
            components: 2,
            Tokens,
            chains: 2,
            batches: 2,
            seed: 13
        );
        IReadOnlyList<PatternExpression> found = PatternExpression.Of(run, ResponsePart.Susceptibility, TokenClasses.OfProbes(run));
        Assert.Equal(["p0", "p1", "p0", "p1"], found.Select(one => one.Pattern));
        Assert.All(found, one => Assert.Equal(one.Pattern == "p0" ? -1 : 1, one.Expression.Mean, 1e-6));
        Assert.All(found, one => Assert.Equal(Tokens / 2, one.Tokens));
    }

    [Fact]
    public void Rows_of_text_are_the_units_of_the_texts_error()
    {
        // All tokens of a row are alike: 80 rows of ±1 give an error of 1/√80 of the mean, not 1/√4000.
        System.Random random = new(11);
        double[] rows = [.. Enumerable.Range(0, 80).Select(_ => random.NextDouble() < 0.5 ? -1.0 : 1.0)];
        SusceptibilityRun run = SyntheticRun.Of((_, i) => rows[i / 50], noise: 0, components: 2, Tokens, chains: 2, batches: 2, seed: 12);
        for (int i = 0; i < Tokens; i++)
        {
            run.Data.Tokens.Row[i] = i / 50;
        }

        bool[] half = [.. Enumerable.Range(0, Tokens).Select(i => i % 2 == 0)];
        PatternExpression found = PatternExpression.Of(run, ResponsePart.Susceptibility, new TokenClasses(["half"], [half], []))[0];
        Assert.Equal(1 / Math.Sqrt(80), found.Expression.TextError, 0.1 / Math.Sqrt(80));
    }
}
