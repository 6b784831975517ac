using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Data;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Numerics.Kernels;
using Curie.Numerics.Memory;
using Curie.Numerics.Simd;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Restricted;

/// <summary>Means over the positions that count, and their gradients.</summary>
public sealed class CountedLossTests
{
    public static TheoryData<string, SimdWidth> Cases => RestrictedAccuracyTests.Cases;

    public static TheoryData<string> Variant => Variants.Names;

    /// <summary>
    /// Of every kind of group: P from frozen rows, and the loss of a minibatch of the same rows, are the mean of the whole network's losses
    /// at counted positions; as close as losses and gradients of shortcuts are (<see cref="RestrictedAccuracyTests"/>).
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_group_gives_the_mean_over_counted_positions(string model, SimdWidth width)
    {
        using RestrictedProblem problem = new(model, width);
        CountedPositions counted = Some(problem);
        int[] indices = RestrictedProblem.Indices;
        double[] shares = counted.Shares(indices);
        Assert.Equal(0, counted.CountIn(indices[1]));
        Assert.Equal(1, shares.Average(), 1e-12);
        foreach (IReadOnlyList<Component> components in RestrictedGroups.Partition(problem.Layout, problem.Components()))
        {
            using IRestrictedGroup group = RestrictedGroups.Create(problem.Network, components, slots: 2);
            using IFrozenRows rows = group.Freeze(problem.Tokens, indices, counted.Slots(indices), long.MaxValue);
            for (int component = 0; component < components.Count; component++)
            {
                float[] w = problem.Vector(components[component], 1);
                group.Load(component, 0, w);
                double[] means = new double[indices.Length];
                rows.Losses([new LoadedWeights(component, 0)], [], means);
                (double loss, float[] gradient) = Gradient(group, component, problem.Tokens, indices, counted.Weights(indices));

                float[] truth = problem.Losses(components[component], w).Losses;
                double expected = counted.Slots(indices).Average(slot => (double)truth[slot]);
                Assert.Equal(expected, means.Zip(shares, (mean, share) => mean * share).Average(), 2e-5);
                Assert.Equal(expected, loss, 2e-5);
                Assert.Equal(0, means[1]);
                Assert.Contains(gradient, value => value != 0);
            }
        }
    }

    /// <summary>
    /// Along its own direction the gradient is its length: ‖g‖ against [L(w + hu) − L(w − hu)]/2h with h = 0.01, of losses in float64 whose
    /// logits are float32, good to 1e-6, so that the quotient is to 1e-4; what is of third order is of the size h²‖g‖·curvature, another
    /// 1e-3 of it. Tokens to predict that are no outputs stand where predictions do not count.
    /// </summary>
    [Theory]
    [MemberData(nameof(Variant))]
    public void The_gradient_is_the_derivative_of_the_mean_over_counted_positions(string name)
    {
        TransformerConfig config = Variants.Of(name);
        using NetworkFixture network = new(Small(config), NetworkFixture.Widest, workers: 2);
        int[] all = [0, 1, 2];
        bool[] marks = [.. Enumerable.Range(0, 3 * 8).Select(i => i % 5 == 1 || i % 8 == 7)];
        CountedPositions counted = CountedPositions.OfRows(marks, 8);
        using TokenRows rows = TextOf(config, counted);
        Component full = network.Component("full");
        float[] gradient = new float[full.Restriction.Dimension];
        double loss = network.Evaluator.LossAndGradient(
            network.Weights,
            rows,
            all,
            new GradientPlan(network.Layout, full.Restriction),
            gradient,
            counted.Weights(all)
        );
        Assert.Equal(Mean(), loss, 1e-6);
        double length = Math.Sqrt(gradient.Sum(value => (double)value * value));
        float[] origin = network.Parameters.Values.ToArray();
        const double Step = 0.01;
        double derivative = (At(Step) - At(-Step)) / (2 * Step);
        Assert.True(length > 0.05, $"{length}");
        Assert.Equal(length, derivative, (1e-3 * length) + 1e-4);

        double At(double distance)
        {
            for (int i = 0; i < origin.Length; i++)
            {
                network.Parameters.Values[i] = (float)(origin[i] + (distance * gradient[i] / length));
            }

            network.Weights.Refresh(network.Machine.Pool, full.Restriction);
            return Mean();
        }

        double Mean()
        {
            float[] losses = new float[3 * 8];
            network.Evaluator.TokenLosses(network.Weights, rows, all, losses, []);
            return counted.Slots(all).Average(slot => (double)losses[slot]);
        }
    }

    /// <summary>
    /// The uniform predictor's divergence from a frozen model, over the first positions alone, is that on rows cut off behind them: means of
    /// the same float32 log-probabilities, made in passes of other lengths, 1e-6 apart.
    /// </summary>
    [Theory]
    [InlineData(DivergenceDirection.Forward)]
    [InlineData(DivergenceDirection.Reverse)]
    public void The_null_line_of_divergences_is_over_counted_positions(DivergenceDirection direction)
    {
        using RestrictedProblem problem = new("3-attention-standard", NetworkFixture.Widest, workers: 2, direction);
        int kept = problem.PerRow / 2;
        using TokenRows cut = new(
            [.. Enumerable.Range(0, problem.Tokens.Count).SelectMany(row => problem.Tokens.Row(row).Take(kept + 1))],
            kept + 1
        );
        CountedPositions first = CountedPositions.OfEveryRow([.. Enumerable.Range(0, problem.PerRow).Select(t => t < kept)]);
        TransformerEvaluator evaluator = problem.Network.Evaluator;
        int[] indices = RestrictedProblem.Indices;
        double counted = evaluator.UniformLoss(problem.Tokens, indices, first);
        Assert.Equal(evaluator.UniformLoss(cut, indices), counted, 1e-5);
        Assert.True(Math.Abs(counted - evaluator.UniformLoss(problem.Tokens, indices)) > 1e-4);
    }

    [Fact]
    public void Weights_and_shares_are_those_of_a_mean_over_counted_tokens()
    {
        CountedPositions counted = CountedPositions.OfRows([true, false, true, true, false, false, false, false, false], 3);

        // Four tokens' room in two rows of three for three counted: 6/3; over all rows 9/3.
        Assert.Equal([2, 0, 2], counted.Weights([0, 1]).Row(0).ToArray());
        Assert.Equal([3, 0, 0], counted.Weights([0, 1, 2]).Row(1).ToArray());
        Assert.Equal([2, 1, 0], counted.Shares([0, 1, 2]));
        Assert.Throws<ArgumentException>(() => counted.Shares([2]));
        Assert.Equal([1.5f, 0, 1.5f], CountedPositions.OfEveryRow([true, false, true]).Weights([0, 5]).Row(77).ToArray());
    }

    /// <summary>Every fourth position or so of most rows, another number in each, and none of row 1.</summary>
    private static CountedPositions Some(RestrictedProblem problem) =>
        CountedPositions.OfRows(
            [
                .. Enumerable
                    .Range(0, problem.Tokens.Count * problem.PerRow)
                    .Select(i => i / problem.PerRow != 1 && i * 7 % (4 + (i / problem.PerRow)) == 0),
            ],
            problem.PerRow
        );

    private static (double Loss, float[] Gradient) Gradient(
        IRestrictedGroup group,
        int component,
        TokenRows rows,
        int[] batch,
        LossWeights weights
    )
    {
        double[] losses = new double[1];
        using AlignedBuffer<float> gradient = new(group.Components[component].Restriction.Dimension);
        group.LossesAndGradients(rows, batch, [new LoadedWeights(component, 0)], losses, [gradient], weights);
        return (losses[0], gradient.Span.ToArray());
    }

    /// <summary>Weights of a third of the others, so that losses are nearly straight over a step.</summary>
    private static ParameterSet Small(TransformerConfig config)
    {
        ParameterSet parameters = Variants.Random(config, 12);
        foreach (ref float value in parameters.Values)
        {
            value /= 3;
        }

        return parameters;
    }

    private static TokenRows TextOf(TransformerConfig config, CountedPositions counted)
    {
        System.Random random = new(3);
        return new TokenRows(
            [
                .. Enumerable
                    .Range(0, 3 * 9)
                    .Select(i =>
                        random.Next(
                            i % 9 > 0 && counted.Row(i / 9)[(i % 9) - 1] ? Math.Min(config.Logits, config.Vocabulary) : config.Vocabulary
                        )
                    ),
            ],
            9
        );
    }
}
