using Curie.Networks.Components;
using Curie.Networks.Restricted;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Restricted;

public sealed class PlainRowsTests
{
    /// <summary>
    /// Identities that hold bit for bit: a position's loss does not depend on which others are asked for, nor on what is frozen.
    /// </summary>
    [Theory]
    [InlineData("3-gelu-standard", "full", 0)]
    [InlineData("3-gelu-standard", "l2", 1 << 20)]
    [InlineData("2-attention-shortformer", "l1h2", 0)]
    [InlineData("3-attention-shortformer", "unembed", 1 << 20)]
    public void Wanted_positions_have_the_bits_that_they_have_among_all(string name, string component, long memory)
    {
        string folder = ReferenceData.Transformer(name);
        using NetworkFixture network = new(Path.Combine(folder, "model"), NetworkFixture.Widest, workers: 2);
        using TokenRows tokens = TokenRows.Load(Path.Combine(folder, "tokens.npy"));
        GradientPlan plan = new(network.Layout, network.Component(component).Restriction);
        int[] indices = [2, 0, 1];
        int positions = tokens.ContextLength - 1;
        float[] all = new float[indices.Length * positions];
        network.Evaluator.TokenLosses(network.Weights, tokens, indices, all, []);

        // None of the second row, one of the first, several of the third.
        int[] slots = [3, (2 * positions) + 1, (2 * positions) + 7, (3 * positions) - 1];
        using PlainRows rows = new(network.Evaluator, network.Weights, plan, tokens, indices, slots, memory);
        float[] wanted = new float[slots.Length];
        rows.Losses([default], wanted, []);

        Assert.Equal(slots.Select(slot => all[slot]), wanted);
        double[] means = new double[3];
        rows.Losses([default], [], means);

        // Losses below 30, each rounded to float32.
        Assert.Equal([all[3], 0, slots[1..].Average(slot => (double)all[slot])], means, (x, y) => Math.Abs(x - y) < 2e-6);
    }
}
