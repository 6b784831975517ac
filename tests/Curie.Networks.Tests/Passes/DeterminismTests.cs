using Curie.Networks.Components;
using Curie.Networks.Passes;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Passes;

/// <summary>Identities that hold bit for bit, so they have no tolerance.</summary>
public sealed class DeterminismTests
{
    private static readonly string[] Components =
    [
        "full",
        "l0h1",
        "l1h0",
        "l2h4",
        "l1",
        "l2.attn",
        "l0.mlp",
        "embed",
        "unembed",
        "l0h0+l2h3",
    ];

    public static TheoryData<string> ComponentNames() => [.. Components];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Losses_and_gradients_have_the_same_bits_for_every_number_of_workers(int workers)
    {
        (float[] losses, float[] gradient) = Evaluate(1);

        (float[] otherLosses, float[] otherGradient) = Evaluate(workers);

        Assert.Equal(losses, otherLosses);
        Assert.Equal(gradient, otherGradient);
    }

    [Theory]
    [MemberData(nameof(ComponentNames))]
    public void A_restricted_gradient_has_the_bits_of_the_full_gradient(string name)
    {
        string folder = ReferenceData.Transformer("3-gelu-standard");
        using NetworkFixture network = new(Path.Combine(folder, "model"), NetworkFixture.Widest, workers: 2);
        using TokenRows rows = TokenRows.Load(Path.Combine(folder, "tokens.npy"));
        Component component = network.Component(name);
        float[] full = new float[network.Layout.Length];
        float[] restricted = new float[component.Restriction.Dimension];

        network.Evaluator.LossAndGradient(
            network.Weights,
            rows,
            [0, 1, 2],
            new GradientPlan(network.Layout, network.Component("full").Restriction),
            full
        );
        network.Evaluator.LossAndGradient(
            network.Weights,
            rows,
            [0, 1, 2],
            new GradientPlan(network.Layout, component.Restriction),
            restricted
        );

        float[] expected = [.. component.Restriction.Segments.SelectMany(segment => full[segment.Start..segment.End])];
        Assert.Equal(expected, restricted);
    }

    [Theory]
    [InlineData("3-attention-shortformer", 1, false)]
    [InlineData("3-attention-shortformer", 1, true)]
    [InlineData("3-gelu-standard", 0, true)]
    [InlineData("3-gelu-standard", 2, false)]
    [InlineData("3-gelu-standard", 3, false)]
    public void A_frozen_prefix_changes_no_bit_of_the_losses(string name, int layer, bool afterAttention)
    {
        string folder = ReferenceData.Transformer(name);
        using NetworkFixture network = new(Path.Combine(folder, "model"), NetworkFixture.Widest, workers: 2);
        using TokenRows rows = TokenRows.Load(Path.Combine(folder, "tokens.npy"));
        using FrozenPrefix prefix = network.Evaluator.Freeze(network.Weights, rows, [2, 0], new NetworkPoint(layer, afterAttention));
        float[] plain = new float[2 * (rows.ContextLength - 1)];
        float[] frozen = new float[plain.Length];

        network.Evaluator.TokenLosses(network.Weights, rows, [2, 0], plain, []);
        network.Evaluator.TokenLosses(network.Weights, rows, [2, 0], frozen, [], prefix);

        Assert.Equal(plain, frozen);
    }

    [Fact]
    public void Evaluation_and_gradients_allocate_nothing_once_they_have_run()
    {
        string folder = ReferenceData.Transformer("2-gelu_new-standard");
        using NetworkFixture network = new(Path.Combine(folder, "model"), NetworkFixture.Widest, workers: 1);
        using TokenRows rows = TokenRows.Load(Path.Combine(folder, "tokens.npy"));
        Component component = network.Component("l1h2");
        GradientPlan plan = new(network.Layout, component.Restriction);
        float[] gradient = new float[component.Restriction.Dimension];
        int[] indices = [0, 1, 2];

        long Measure()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            network.Weights.Refresh(network.Machine.Pool, component.Restriction);
            network.Evaluator.LossAndGradient(network.Weights, rows, indices, plan, gradient);
            network.Evaluator.MeanLoss(network.Weights, rows, indices);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Measure();
        Assert.Equal(0, Measure());
    }

    private static (float[] Losses, float[] Gradient) Evaluate(int workers)
    {
        string folder = ReferenceData.Transformer("2-relu-shortformer");
        using NetworkFixture network = new(Path.Combine(folder, "model"), NetworkFixture.Widest, workers);
        using TokenRows rows = TokenRows.Load(Path.Combine(folder, "tokens.npy"));
        float[] losses = new float[rows.Count * (rows.ContextLength - 1)];
        float[] gradient = new float[network.Layout.Length];
        network.Evaluator.TokenLosses(network.Weights, rows, [0, 1, 2], losses, []);

        // More rows than shards, so that a shard sums several.
        int[] batch = [.. Enumerable.Range(0, 11).Select(i => i % 3)];
        network.Evaluator.LossAndGradient(
            network.Weights,
            rows,
            batch,
            new GradientPlan(network.Layout, network.Component("full").Restriction),
            gradient
        );
        return (losses, gradient);
    }
}
