using Curie.Networks.Benchmarking;
using Curie.Networks.Components;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Networks.Passes;
using Curie.Networks.Restricted;
using Curie.Networks.Tests.Models;
using Curie.Numerics.Kernels;
using Curie.Numerics.Parallelism;
using Curie.Text.Packing;

namespace Curie.Networks.Tests.Benchmarking;

/// <summary>That every kind of component is told apart and tried; how fast a busy machine is cannot be asserted.</summary>
public sealed class GroupTrialTests
{
    [Fact]
    public void Heads_of_the_last_layer_those_before_and_other_components_are_kinds_of_their_own()
    {
        using ParameterSet model = ModelReader.Load(ModelFixtures.Folder("gpt2"));
        ComponentParser parser = new(model.Layout);
        int last = model.Layout.Config.Layers - 1;
        string[] kinds = [.. ((string[])[$"l{last}h0", $"l{last}h1", "l0h0", "l0h1", "full"]).Select(Kind)];
        Assert.Equal(kinds[0], kinds[1]);
        Assert.Equal(kinds[2], kinds[3]);
        Assert.Equal(3, kinds.Distinct().Count());

        string Kind(string name) => GroupTrial.KindOf(model.Layout, parser.Parse(name));
    }

    [Theory]
    [InlineData("full")]
    [InlineData("l0h0,l0h1")]
    public void Gradients_and_losses_of_a_group_take_time(string names)
    {
        using Machine machine = new(Kernels.For(NetworkFixture.Widest), 1);
        using ParameterSet model = ModelReader.Load(ModelFixtures.Folder("gpt2"));
        using TransformerEvaluator evaluator = new(model.Layout.Config, machine);
        using FrozenNetwork network = new(model, evaluator);
        using TokenRows rows = TokenRows.Allocate(2, model.Layout.Config.ContextLength, model.Layout.Config.Vocabulary);
        GroupPace pace = GroupTrial.Measure(
            network,
            new ComponentParser(model.Layout).ParseAll(names.Split(',')),
            slots: 4,
            gradientSlots: 2,
            rows,
            [0, 1],
            batchSize: 2,
            frozenShare: 1
        );
        Assert.InRange(pace.Gradient, 1e-14, 1);
        Assert.InRange(pace.Losses, 1e-14, 1);
    }
}
