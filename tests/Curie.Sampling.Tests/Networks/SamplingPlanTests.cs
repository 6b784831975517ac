using Curie.Networks.Architecture;
using Curie.Networks.Components;
using Curie.Networks.Parameters;
using Curie.Networks.Restricted;
using Curie.Numerics;
using Curie.Sampling.Networks;

namespace Curie.Sampling.Tests.Networks;

/// <summary>Plans for the two-layer model of 3.36 million parameters, without running anything.</summary>
public sealed class SamplingPlanTests
{
    private static readonly ParameterLayout Layout = new(
        new TransformerConfig
        {
            Layers = 2,
            ModelWidth = 256,
            Heads = 8,
            HeadWidth = 32,
            ContextLength = 1024,
            Vocabulary = 5000,
            Positions = PositionalEmbedding.Shortformer,
        }
    );

    private static readonly SamplingWork Work = new()
    {
        Layout = Layout,
        Components = new ComponentParser(Layout).ParseAll(["full", "heads", "l1.attn"]),
        Sampling = new SamplingOptions(),
        BatchSize = 16,
        Evaluated = [new EvaluatedRows(64, 64 * 1023), new EvaluatedRows(2000, 2_000_000)],
        Workers = 2,
        BytesPerComponent = 600_000_000,
        BytesPerEvaluation = 8_000_000,
    };

    [Fact]
    public void Heads_of_a_layer_run_together_where_there_is_room()
    {
        SamplingPlan plan = SamplingPlan.Make(Work, 32L << 30);
        Assert.Equal([1, 8, 8, 1], plan.Groups.Select(group => group.Components.Count));
    }

    /// <summary>
    /// What a worker keeps, in floats a position: of each of two layers queries, keys, values and mixed values, and once more their
    /// gradients; the hidden layer and what the nonlinearity makes of it, with a gate also that and its activation, and the gradients. The
    /// scratch of a cross-entropy is 64 rows of logits.
    /// </summary>
    [Fact]
    public void A_worker_needs_room_for_the_keys_gates_and_logits_that_there_are()
    {
        TransformerConfig config = Layout.Config;
        const int Positions = 1023;
        Assert.Equal(3 * 2 * 6 * 32 * Positions, Worker(config) - Worker(config with { KeyValueHeads = 2 }));
        Assert.Equal(64 * 4000, Worker(config) - Worker(config with { OutputVocabulary = 1000 }));
        TransformerConfig mlp = config with { MlpWidth = 500 };
        Assert.Equal(((2 * ((2 * 500) + (2 * 256))) + 500) * Positions, Worker(mlp) - Worker(config));
        Assert.Equal(((2 * 2 * 500) + 500) * Positions, Worker(mlp with { GatedMlp = true }) - Worker(mlp));

        static long Worker(TransformerConfig config)
        {
            ParameterLayout layout = new(config);
            int length = layout.Config.ContextLength;
            return (SamplingPlan.BytesOf(layout, 2, length) - SamplingPlan.BytesOf(layout, 1, length)) / sizeof(float);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(16)]
    public void A_plan_holds_every_component_once_and_stays_within_its_limit(int gigabytes)
    {
        SamplingPlan plan = SamplingPlan.Make(Work, (long)gigabytes << 30);
        Assert.True(plan.PeakBytes <= plan.Limit);
        Assert.Equal(
            Work.Components.Select(component => component.Name).Order(),
            plan.Groups.SelectMany(group => group.Components).Select(component => component.Name).Order()
        );

        // Parts of a layer differ by one head at most, so that none is left to run on its own.
        foreach (
            IGrouping<string, PlannedGroup> layer in plan
                .Groups.Where(group => group.Components[0].Name.Contains('h'))
                .GroupBy(group => group.Components[0].Name[..2])
        )
        {
            int[] sizes = [.. layer.Select(group => group.Components.Count)];
            Assert.True(sizes.Max() - sizes.Min() <= 1);
        }
    }

    [Fact]
    public void A_run_that_cannot_fit_says_what_it_needs_and_how_to_mend_it()
    {
        string message = Assert.Throws<InputException>(() => SamplingPlan.Make(Work, 700L << 20)).Message;
        Assert.Contains("needs about", message, StringComparison.Ordinal);
        Assert.Contains("more than the 700 MB allowed; raise `memory`", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Traces_that_do_not_fit_are_refused_by_the_plan()
    {
        SamplingWork work = Work with { Sampling = Work.Sampling with { Chains = 4, Draws = 1_000_000_000 } };
        string message = Assert.Throws<InputException>(() => SamplingPlan.Make(work, 32L << 30)).Message;
        Assert.Contains("take fewer chains or draws", message, StringComparison.Ordinal);
    }

    /// <summary>The counts are sums of products, so proportions hold to rounding.</summary>
    [Fact]
    public void Operations_are_linear_in_draws_chains_batch_rows_and_but_for_what_is_shared_in_components()
    {
        SamplingPlan once = Plan(Work);
        Twice(Plan(Work with { BatchSize = 32 }).UpdateOperations, once.UpdateOperations);
        Twice(Plan(Work with { Sampling = Work.Sampling with { StepsBetweenDraws = 2 } }).UpdateOperations, once.UpdateOperations);
        Twice(Plan(Work with { Sampling = Work.Sampling with { Draws = 200 } }).DrawOperations, once.DrawOperations);
        Twice(Plan(Work with { Sampling = Work.Sampling with { Chains = 8 } }).UpdateOperations, once.UpdateOperations);
        Twice(Plan(Work with { Evaluated = [.. Work.Evaluated, .. Work.Evaluated] }).DrawOperations, once.DrawOperations);

        double[] heads =
        [
            .. new[] { 1, 2, 3 }.Select(count =>
                Plan(
                    Work with
                    {
                        Components = new ComponentParser(Layout).ParseAll([.. Enumerable.Range(0, count).Select(head => $"l1h{head}")]),
                    }
                ).DrawOperations
            ),
        ];
        Assert.Equal(heads[2] - heads[1], heads[1] - heads[0], 1e-9 * heads[2]);
        Assert.True(heads[1] < 1.5 * heads[0]);

        static SamplingPlan Plan(SamplingWork work) => SamplingPlan.Make(work, 64L << 30);
        static void Twice(double twice, double once) => Assert.Equal(2, twice / once, 1e-12);
    }

    /// <summary>
    /// By hand: 8·256·32 + 2·32·1025 + 2·32·5000 + a quarter of the last, and for layer 0 with layer 1 and the unembedding behind it.
    /// </summary>
    [Fact]
    public void The_last_layers_heads_cost_a_ninth_of_the_full_model()
    {
        GroupCost last = Cost("l1h0");
        Assert.Equal(65_536 + 65_600 + 320_000 + 80_000, last.LossEach);
        Assert.Equal((2 * (524_288 + 524_800)) + 2_560_000, Cost("full").LossEach);
        Assert.Equal(Cost("full").LossEach, last.LossShared);

        static GroupCost Cost(string name) => GroupCost.Of(Layout, new ComponentParser(Layout).Parse(name), slots: 4, workers: 2);
    }
}
