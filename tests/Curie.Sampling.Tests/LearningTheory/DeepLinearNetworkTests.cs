using Curie.Numerics;
using Curie.Sampling.LearningTheory;

namespace Curie.Sampling.Tests.LearningTheory;

public sealed class DeepLinearNetworkTests
{
    /// <summary>Worked by hand from the theorem.</summary>
    [Theory]
    [InlineData("4 4 4 4", 0, 11, 2, 3)]
    [InlineData("10 10 10 10 10", 0, 63, 2, 5)]
    [InlineData("3 3 3", 0, 7, 2, 2)]
    [InlineData("2 2 2 2", 0, 3, 2, 3)]
    [InlineData("1 1 1 1", 0, 1, 2, 3)]
    [InlineData("5 4 3", 1, 13, 2, 2)]
    [InlineData("7 3 5 2", 1, 5, 1, 1)]
    [InlineData("3 9 4", 2, 6, 1, 1)]
    [InlineData("6 6 6", 3, 17, 1, 2)]
    public void Known_networks_have_their_coefficient_and_multiplicity(
        string widths,
        int rank,
        int numerator,
        int denominator,
        int multiplicity
    ) =>
        Assert.Equal(
            new LearningTruth(new Rational(numerator, denominator), multiplicity),
            DeepLinearNetwork.Truth([.. widths.Split(' ').Select(int.Parse)], rank)
        );

    /// <summary>
    /// The theorem as the paper states it: a set of layers, l + 1 in number, with ΣD ≥ l·max inside and ΣD &lt; l·min outside, and
    /// λ with its terms kept apart, in exact quarters of 1/l.
    /// </summary>
    [Fact]
    public void The_prefix_rule_is_the_papers_conditions()
    {
        int cases = 0;
        foreach (int[] widths in Enumerable.Range(2, 3).SelectMany(layers => Widths(layers, 5)))
        {
            for (int rank = 0; rank <= widths.Min(); rank++)
            {
                Assert.Equal(ByConditions(widths, rank), DeepLinearNetwork.Truth(widths, rank));
                cases++;
            }
        }

        Assert.Equal(2034, cases);
    }

    [Fact]
    public void Three_layers_are_reduced_rank_regression()
    {
        int cases = 0;
        foreach ((int m, int h, int n, int r) in ReducedRankRegressionTests.Small(12))
        {
            Assert.Equal(ReducedRankRegression.Truth(m, h, n, r), DeepLinearNetwork.Truth([m, h, n], r));
            cases++;
        }

        Assert.Equal(7812, cases);
    }

    [Fact]
    public void Two_layers_are_a_regular_model_of_half_as_much_as_parameters()
    {
        foreach (int[] widths in Widths(2, 8))
        {
            for (int rank = 0; rank <= widths.Min(); rank++)
            {
                Assert.Equal(new LearningTruth(new Rational(widths[0] * widths[1], 2), 1), DeepLinearNetwork.Truth(widths, rank));
            }
        }
    }

    [Fact]
    public void Without_the_regular_part_the_order_of_layers_does_not_matter()
    {
        foreach (int[] widths in Widths(4, 4))
        {
            for (int rank = 0; rank <= widths.Min(); rank++)
            {
                int[] sorted = [.. widths.Order()];
                Assert.Equal(Singular(sorted, rank), Singular(widths, rank));
            }
        }
    }

    [Fact]
    public void A_very_wide_hidden_layer_changes_nothing()
    {
        foreach (int[] widths in Widths(3, 5))
        {
            for (int rank = 0; rank <= widths.Min(); rank++)
            {
                Assert.Equal(
                    DeepLinearNetwork.Truth(widths, rank),
                    DeepLinearNetwork.Truth([widths[0], 1_000_000_000, .. widths[1..]], rank)
                );
            }
        }
    }

    [Fact]
    public void No_coefficient_exceeds_that_of_a_regular_model_with_as_many_weights()
    {
        foreach (int[] widths in Enumerable.Range(2, 3).SelectMany(layers => Widths(layers, 5)))
        {
            for (int rank = 0; rank <= widths.Min(); rank++)
            {
                Assert.True(DeepLinearNetwork.Truth(widths, rank).Coefficient.ToDouble() <= DeepLinearNetwork.Parameters(widths) / 2.0);
            }
        }
    }

    [Fact]
    public void Impossible_networks_are_refused()
    {
        Assert.Contains("at least an input and an output", Refusal([3], 0), StringComparison.Ordinal);
        Assert.Contains("a layer of width -2", Refusal([3, -2], 0), StringComparison.Ordinal);
        Assert.Contains("give 0 to 3", Refusal([3, 4], 4), StringComparison.Ordinal);
    }

    private static string Refusal(int[] widths, int rank) =>
        Assert.Throws<InputException>(() => DeepLinearNetwork.Truth(widths, rank)).Message;

    private static (double Coefficient, int Multiplicity) Singular(int[] widths, int rank)
    {
        LearningTruth truth = DeepLinearNetwork.Truth(widths, rank);

        // Exact: every λ here is a multiple of 1/12 at most 12, and the regular part a multiple of 1/2; rounding to 1/24 undoes float64's
        // error.
        return (
            Math.Round(24 * (truth.Coefficient.ToDouble() - (((rank * (widths[0] + widths[^1])) - (rank * rank)) / 2.0))),
            truth.Multiplicity
        );
    }

    private static LearningTruth ByConditions(int[] widths, int rank)
    {
        int[] excess = [.. widths.Select(width => width - rank).Order()];
        foreach (int count in Enumerable.Range(2, excess.Length - 1))
        {
            int[] inside = excess[..count];
            int[] outside = excess[count..];
            int l = count - 1;
            int sum = inside.Sum();
            if (sum < l * inside.Max() || (outside.Length > 0 && sum >= l * outside.Min()))
            {
                continue;
            }

            int squares = inside.Sum(width => width * width);
            int a = sum - (((int)Math.Ceiling(sum / (double)l) - 1) * l);
            int regular = (rank * (widths[0] + widths[^1])) - (rank * rank);
            int quarters = (2 * l * regular) + (a * (l - a)) - ((l - 1) * sum * sum) + (l * ((sum * sum) - squares));
            return new LearningTruth(new Rational(quarters, 4 * l), (a * (l - a)) + 1);
        }

        throw new InvalidOperationException("No set of layers fulfils the conditions.");
    }

    private static IEnumerable<int[]> Widths(int layers, int largest) =>
        layers == 0
            ?
            [
                [],
            ]
            : Widths(layers - 1, largest).SelectMany(rest => Enumerable.Range(1, largest).Select(width => (int[])[.. rest, width]));
}
