using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Restricted;

namespace Curie.Networks.Tests.Restricted;

public sealed class RestrictedGroupsTests
{
    private static readonly TransformerConfig Config = new()
    {
        Layers = 2,
        ModelWidth = 20,
        Heads = 2,
        HeadWidth = 5,
        ContextLength = 12,
        Vocabulary = 67,
    };

    [Fact]
    public void Heads_of_one_layer_share_a_group_and_everything_else_stays_alone()
    {
        string[] names = ["l1h1", "full", "l0h0", "l1h0", "l0h0+l0h1", "l0h1", "l1.attn", "embed"];

        Assert.Equal(["l1h1,l1h0", "full", "l0h0,l0h1", "l0h0+l0h1", "l1.attn", "embed"], Partition(Config, names));
    }

    [Fact]
    public void Groups_of_heads_of_one_layer_share_a_group_whatever_else_the_architecture_has()
    {
        string[] names = ["l1g1", "l0g0", "l1g0", "l0g0+l0g1", "l0g1", "l1.attn"];
        TransformerConfig shared = Config with { Heads = 6, KeyValueHeads = 2 };
        TransformerConfig[] served =
        [
            shared,
            shared with
            {
                QueryKeyNorm = true,
                MlpWidth = 12,
                GatedMlp = true,
            },
            shared with
            {
                Parallel = true,
                MlpWidth = 12,
                Windows = new AttentionWindows([0, 3]),
            },
            shared with
            {
                Positions = PositionalEmbedding.Rotary,
                Rotary = new RotaryOptions { Dimension = 4 },
            },
        ];

        Assert.All(served, config => Assert.Equal(["l1g1,l1g0", "l0g0,l0g1", "l0g0+l0g1", "l1.attn"], Partition(config, names)));
        Assert.Equal(names, Partition(shared with { Bidirectional = true }, names));
    }

    [Fact]
    public void A_layer_with_one_head_is_not_that_head()
    {
        Assert.Equal(["l1h0", "l1.attn", "l0h0"], Partition(Config with { Heads = 1 }, ["l1h0", "l1.attn", "l0h0"]));
    }

    [Fact]
    public void Components_that_share_nothing_are_refused()
    {
        using RestrictedProblem problem = new("2-attention-shortformer", NetworkFixture.Widest);

        Assert.Throws<ArgumentException>(() =>
            RestrictedGroups.Create(problem.Network, [problem.Component("l0h0"), problem.Component("l1h0")], 1)
        );
        Assert.Throws<ArgumentException>(() =>
            RestrictedGroups.Create(problem.Network, [problem.Component("l0h0"), problem.Component("full")], 1)
        );
        Assert.Throws<ArgumentException>(() => RestrictedGroups.Create(problem.Network, [], 1));
    }

    private static IEnumerable<string> Partition(TransformerConfig config, string[] names)
    {
        ParameterLayout layout = new(config);
        return RestrictedGroups
            .Partition(layout, new ComponentParser(layout).ParseAll(names))
            .Select(group => string.Join(',', group.Select(c => c.Name)));
    }
}
