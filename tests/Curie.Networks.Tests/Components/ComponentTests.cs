using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Numerics;

namespace Curie.Networks.Tests.Components;

public sealed class ComponentTests
{
    private static readonly TransformerConfig Paper = new()
    {
        Layers = 2,
        ModelWidth = 256,
        Heads = 8,
        HeadWidth = 32,
        ContextLength = 1024,
        Vocabulary = 5000,
        Positions = PositionalEmbedding.Shortformer,
    };

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public void Every_name_is_parsed_and_the_parts_together_are_the_whole(string variant)
    {
        ParameterLayout layout = new(Variants.Of(variant));
        ComponentParser parser = new(layout);

        Assert.Equal(parser.Names, parser.ParseAll(parser.Names).Select(component => component.Name));
        Assert.Equal(layout.Length, parser.Parse(string.Join('+', parser.Names.Skip(1))).Restriction.Dimension);
    }

    [Fact]
    public void The_published_models_have_the_published_numbers_of_parameters()
    {
        Assert.Equal(3_355_016, new ParameterLayout(Paper).Length);
        Assert.Equal(3_091_336, new ParameterLayout(Paper with { Layers = 1 }).Length);
    }

    [Fact]
    public void Every_head_of_the_published_model_restricts_to_32864_parameters()
    {
        IReadOnlyList<Component> heads = new ComponentParser(new ParameterLayout(Paper)).ParseAll(["heads"]);

        Assert.Equal(16, heads.Count);
        Assert.All(heads, head => Assert.Equal(32_864, head.Restriction.Dimension));
    }

    [Fact]
    public void A_head_leaves_out_the_output_bias_and_the_layer_norm()
    {
        ParameterLayout layout = new(Paper);
        Component head = new ComponentParser(layout).Parse("l1h3");

        Assert.False(head.Restriction.Touches(layout.Blocks[1].OutputBias));
        Assert.False(head.Restriction.Touches(layout.Blocks[1].Ln1Weight));
        Assert.False(head.Restriction.Touches(layout.Blocks[0].Query));
        Assert.True(head.Restriction.TouchesSlice(layout.Blocks[1].QueryBias, 3));
        Assert.False(head.Restriction.TouchesSlice(layout.Blocks[1].QueryBias, 2));
    }

    [Fact]
    public void The_union_of_all_heads_is_not_full()
    {
        ParameterLayout layout = new(Paper);
        ComponentParser parser = new(layout);
        Component union = parser.Parse(string.Join('+', parser.ParseAll(["heads"]).Select(head => head.Name)));

        Assert.Equal(16 * 32_864, union.Restriction.Dimension);
        Assert.True(union.Restriction.Dimension < parser.Parse("full").Restriction.Dimension);
    }

    [Fact]
    public void Scatter_changes_no_bit_outside_the_component_and_gather_reads_it_back()
    {
        ParameterLayout layout = new(
            Paper with
            {
                ModelWidth = 30,
                Heads = 5,
                HeadWidth = 7,
                Vocabulary = 61,
                ContextLength = 37,
                MlpWidth = 52,
            }
        );
        using ParameterSet origin = new(layout);
        Span<float> values = origin.Values;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i;
        }

        foreach (string name in new[] { "l0h0", "l1h4", "l0h0+l1.mlp", "l1", "embed", "unembed" })
        {
            Restriction restriction = new ComponentParser(layout).Parse(name).Restriction;
            using ParameterSet moved = origin.Clone();
            float[] w = [.. Enumerable.Range(1, restriction.Dimension).Select(i => -(float)i)];
            restriction.Scatter(w, moved);
            float[] back = new float[restriction.Dimension];
            restriction.Gather(moved, back);

            Assert.Equal(w, back);
            for (int i = 0; i < layout.Length; i++)
            {
                bool inside = restriction.Segments.Any(segment => i >= segment.Start && i < segment.End);
                Assert.True(inside ? moved.Values[i] < 0 : moved.Values[i] == i, $"{name}: element {i}");
            }
        }
    }

    [Theory]
    [InlineData("l2", "layer 2")]
    [InlineData("l0h8", "head 8")]
    [InlineData("l0.mlp", "attention only")]
    [InlineData("head", "unknown component")]
    [InlineData("l0h1+", "unknown component")]
    public void A_name_that_is_no_component_of_the_model_is_refused_with_the_reason(string name, string reason)
    {
        InputException error = Assert.Throws<InputException>(() => new ComponentParser(new ParameterLayout(Paper)).Parse(name));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
