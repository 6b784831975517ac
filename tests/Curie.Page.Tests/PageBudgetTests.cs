using System.Text.Json;
using Curie.Response.Estimators;
using Curie.Response.Runs;

namespace Curie.Page.Tests;

public sealed class PageBudgetTests
{
    private const int Components = 16;

    /// <summary>Values and errors of five parts in 2 bytes each, and what a token takes besides.</summary>
    private const long OwnBytes = (20 * Components) + 56;

    [Fact]
    public void A_small_run_keeps_every_checkpoint_and_part()
    {
        PageBudget budget = PageBudget.Of(Run(tokens: 1000), earlier: 5, PageBudget.SharedBytes);

        Assert.Equal((1000, 5), (budget.Tokens, budget.Checkpoints));
        Assert.Equal(ResponsePart.All, budget.Parts);
    }

    [Theory]
    [InlineData(60_000, 20)]
    [InlineData(60_000, 400)]
    [InlineData(3000, 400)]
    public void A_larger_one_keeps_fewer_tokens_then_the_first_part_alone_then_fewer_checkpoints_and_fits(int tokens, int earlier)
    {
        PageBudget budget = PageBudget.Of(Run(tokens), earlier, PageBudget.SharedBytes);

        Assert.Equal([ResponsePart.Susceptibility], budget.Parts);
        long bytes = budget.Tokens * (OwnBytes + (budget.Checkpoints * ((4L * Components) + 2)));
        Assert.InRange(bytes, PageBudget.SharedBytes * 9 / 10, PageBudget.SharedBytes);
        Assert.True(budget.Checkpoints == earlier || budget.Tokens <= PageBudget.FewestTokens);
        Assert.True(budget.Tokens >= Math.Min(tokens, PageBudget.FewestTokens));
    }

    [Fact]
    public void A_run_of_some_parts_has_room_for_more_tokens_and_keeps_its_main_part_longest()
    {
        RunManifest run = Run(60_000) with { Parts = ["shift", "excess"] };
        Assert.Equal([ResponsePart.Excess], PageBudget.Of(run, earlier: 20, PageBudget.SharedBytes).Parts);
        Assert.Equal([ResponsePart.Shift, ResponsePart.Excess], PageBudget.Of(run, earlier: 0, PageBudget.SharedBytes).Parts);
        Assert.True(PageBudget.Of(run, earlier: 0, 1_000_000).Tokens > PageBudget.Of(Run(60_000), earlier: 0, 1_000_000).Tokens);
    }

    [Fact]
    public void Checkpoints_are_left_out_evenly_but_for_the_first()
    {
        Assert.Equal([0, 3, 6], PageReplay.Spread(places: 9, wanted: 3));
        Assert.Equal([0, 1, 2], PageReplay.Spread(places: 3, wanted: 9));
        Assert.Empty(PageReplay.Spread(places: 3, wanted: 0));
    }

    private static RunManifest Run(int tokens) =>
        new()
        {
            Versions = new Dictionary<string, string>(),
            Seeds = new Dictionary<string, long>(),
            Configuration = JsonSerializer.SerializeToElement(new { }),
            Components = [.. Enumerable.Range(0, Components).Select(head => $"l0h{head}")],
            ProbeNames = ["one", "two"],
            Shape = new RunShape(Components, Probes: 2, tokens, Chains: 2, Draws: 10),
        };
}
