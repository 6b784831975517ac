using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Restricted;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Simd;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Restricted;

/// <summary>
/// Losses in which predictions count differently. No prediction sees what comes after it, so a mean over the first positions of rows alone
/// is the mean over rows cut
/// off behind them, whose gradients need no weights.
/// </summary>
public sealed class WeightedLossTests
{
    private const int Kept = 17;

    public static TheoryData<string, SimdWidth> Cases => RestrictedAccuracyTests.Cases;

    /// <summary>Where every position sees those behind it, cutting a row changes what the others compute.</summary>
    public static IEnumerable<object[]> CausalCases => RestrictedAccuracyTests.Cases.Where(row => !"bidirectional".Equals(row[0]));

    [Theory]
    [MemberData(nameof(CausalCases))]
    public void A_mean_over_the_first_positions_is_that_of_rows_cut_off_behind_them(string model, SimdWidth width)
    {
        using RestrictedProblem problem = new(model, width);
        using TokenRows cut = new(
            [.. Enumerable.Range(0, problem.Tokens.Count).SelectMany(row => problem.Tokens.Row(row).Take(Kept + 1))],
            Kept + 1
        );
        LossWeights weights = new(
            [
                .. Enumerable
                    .Range(0, problem.Tokens.Count * problem.PerRow)
                    .Select(i => i % problem.PerRow < Kept ? (float)problem.PerRow / Kept : 0),
            ],
            problem.PerRow
        );
        foreach (IReadOnlyList<Component> components in RestrictedGroups.Partition(problem.Layout, problem.Components()))
        {
            using IRestrictedGroup group = RestrictedGroups.Create(problem.Network, components, slots: 1);
            for (int component = 0; component < components.Count; component++)
            {
                group.Load(component, 0, problem.Vector(components[component], 1));
            }

            (double[] losses, float[][] gradients) = Gradients(group, problem.Tokens, weights);
            (double[] cutLosses, float[][] cutGradients) = Gradients(group, cut, null);
            for (int component = 0; component < components.Count; component++)
            {
                // Twice the tolerances of one gradient against the whole network's: both sides are rounded.
                Assert.Equal(cutLosses[component], losses[component], 4e-5);
                double largest = cutGradients[component].Max(Math.Abs);
                double worst = cutGradients[component].Zip(gradients[component], (a, b) => (double)Math.Abs(a - b)).Max();
                Assert.True(largest > 0 && worst <= 2e-4 * largest, $"{components[component].Name}: {worst} above {2e-4 * largest}");
            }
        }
    }

    [Fact]
    public void Weights_of_one_give_the_bits_of_none()
    {
        using RestrictedProblem problem = new("2-attention-shortformer", Kernels.SupportedWidths[0]);
        LossWeights ones = new([.. Enumerable.Repeat(1f, problem.Tokens.Count * problem.PerRow)], problem.PerRow);
        foreach (IReadOnlyList<Component> components in RestrictedGroups.Partition(problem.Layout, problem.Components()))
        {
            using IRestrictedGroup group = RestrictedGroups.Create(problem.Network, components, slots: 1);
            for (int component = 0; component < components.Count; component++)
            {
                group.Load(component, 0, problem.Vector(components[component], 1));
            }

            (double[] losses, float[][] gradients) = Gradients(group, problem.Tokens, ones);
            (double[] plainLosses, float[][] plainGradients) = Gradients(group, problem.Tokens, null);
            Assert.Equal(plainLosses, losses);
            Assert.Equal(plainGradients, gradients);
        }
    }

    [Fact]
    public void Weights_that_do_not_fill_rows_or_are_not_finite_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new LossWeights([1, 1, 1], 2));
        Assert.Throws<ArgumentException>(() => new LossWeights([1, float.NaN], 2));
    }

    private static (double[] Losses, float[][] Gradients) Gradients(IRestrictedGroup group, TokenRows rows, LossWeights? weights)
    {
        LoadedWeights[] points = [.. Enumerable.Range(0, group.Components.Count).Select(component => new LoadedWeights(component, 0))];
        double[] losses = new double[points.Length];
        AlignedBuffer<float>[] buffers =
        [
            .. group.Components.Select(component => new AlignedBuffer<float>(component.Restriction.Dimension)),
        ];
        group.LossesAndGradients(rows, RestrictedProblem.Batch, points, losses, buffers, weights);
        float[][] gradients = [.. buffers.Select(buffer => buffer.Span.ToArray())];
        Array.ForEach(buffers, buffer => buffer.Dispose());
        return (losses, gradients);
    }
}
