using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Restricted;

namespace Curie.Networks.Tests.Restricted;

/// <summary>Operations of heads that share keys, counted by hand: whole numbers, so they are exact.</summary>
public sealed class GroupCostTests
{
    /// <summary>Groups of four heads: u = 32, half of d.</summary>
    private static readonly TransformerConfig Attention = new()
    {
        Layers = 2,
        ModelWidth = 64,
        Heads = 8,
        KeyValueHeads = 2,
        HeadWidth = 8,
        ContextLength = 15,
        Vocabulary = 100,
        Norm = NormKind.Rms,
        FinalNorm = NormKind.Rms,
    };

    private static readonly TransformerConfig Gated = Attention with { MlpWidth = 48, GatedMlp = true };

    /// <summary>4·64·(32 + 8) for the projections and 2·32·16 for scores and mixing.</summary>
    private const double Component = 10_240 + 1_024;

    /// <summary>Twice the projections, W_O twice more, and attention 3.5 times.</summary>
    private const double ComponentBoth = (2 * (10_240 + 4_096)) + (3.5 * 1_024);

    private const double Mlp = 6 * 64 * 48;
    private const double Projections = 4 * 64 * (64 + 16);
    private const double AllHeads = 2 * 64 * 16;
    private const double Unembedding = 2 * 64 * 100;

    [Fact]
    public void A_group_costs_its_own_heads_and_what_is_replayed()
    {
        GroupCost last = Cost(Gated, "l1g1");
        Assert.Equal(Component + Mlp + Unembedding, last.LossEach);
        Assert.Equal(ComponentBoth + (2 * (Mlp + Unembedding)), last.GradientEach);

        GroupCost first = Cost(Gated, "l0g1");
        Assert.Equal(last.LossEach + Projections + AllHeads + Mlp, first.LossEach);
        Assert.Equal(last.GradientEach + (2 * Projections) + (3.5 * AllHeads) + (2 * Mlp), first.GradientEach);
    }

    [Fact]
    public void A_narrow_group_of_the_last_layer_costs_its_own_dimensions_a_logit_and_a_wide_one_all_of_them()
    {
        GroupCost narrow = Cost(Attention, "l1g0");
        const double LowRank = 2 * 32 * 100;
        Assert.Equal(Component + LowRank + (LowRank / 4), narrow.LossEach);
        Assert.Equal(ComponentBoth + (4 * LowRank), narrow.GradientEach);

        GroupCost wide = Cost(Attention with { HeadWidth = 9 }, "l1g0");
        Assert.Equal((4 * 64 * (36 + 9)) + (2 * 36 * 16) + Unembedding, wide.LossEach);
    }

    [Fact]
    public void The_next_layers_projections_cost_a_narrow_groups_own_dimensions()
    {
        const double Columns = 64 + (2 * 16);
        double expected = Component + (2 * 32 * Columns) + (2 * 32 * Columns / 4) + (2 * 64 * 64) + AllHeads + Unembedding;

        Assert.Equal(expected, Cost(Attention, "l0g1").LossEach);
    }

    // Nothing that varies stands below the unembedding, so that no gradient goes through it, as one does to the norm before it.
    [Fact]
    public void The_unembedding_alone_costs_no_gradient_of_its_input()
    {
        ParameterLayout layout = new(Attention);
        double weights = 2.0 * (layout.Unembedding.Length + layout.UnembeddingBias.Length);
        double norm = 2.0 * (layout.FinalNormWeight.Length + layout.FinalNormBias.Length);

        Assert.Equal(Unembedding + weights, Cost(Attention, "unembed").GradientEach);
        Assert.Equal((2 * Unembedding) + norm, Cost(Attention, "ln_final").GradientEach);
    }

    [Theory]
    [InlineData("l0g0")]
    [InlineData("l1g0")]
    public void A_group_costs_less_than_the_plain_path(string name)
    {
        foreach (TransformerConfig config in new[] { Attention, Gated, Gated with { Parallel = true } })
        {
            // A union with b_U is no group, and begins at the same point.
            (GroupCost group, GroupCost plain) = (Cost(config, name), Cost(config, name + "+unembed"));
            Assert.True(group.LossEach < plain.LossEach);
            Assert.True(group.GradientEach < plain.GradientEach);
        }
    }

    private static GroupCost Cost(TransformerConfig config, string name)
    {
        ParameterLayout layout = new(config);
        return GroupCost.Of(layout, new ComponentParser(layout).Parse(name), slots: 4, workers: 2);
    }
}
