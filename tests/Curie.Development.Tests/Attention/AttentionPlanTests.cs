using Curie.Development.Attention;

namespace Curie.Development.Tests.Attention;

public sealed class AttentionPlanTests
{
    /// <summary>A row of 16 heads and 127 positions takes 16·127·128/2 = 130,048 bytes, so that 7 fit into a million.</summary>
    [Fact]
    public void Rows_of_every_probe_in_turn_fit_into_the_bytes()
    {
        AttentionPlan plan = AttentionPlan.Of(heads: 16, positions: 127, rows: [10, 1, 10], bytes: 1_000_000);

        Assert.Equal(127, plan.Positions);
        Assert.Equal([3, 1, 3], plan.Rows);
        Assert.Equal(7 * 130_048, plan.Bytes);
    }

    /// <summary>Two probes of 12 heads leave 10⁶/24 = 41,666 weights a head: 288·289/2 = 41,616, and 289·290/2 is more.</summary>
    [Fact]
    public void Rows_are_cut_where_not_one_of_each_probe_fits()
    {
        AttentionPlan plan = AttentionPlan.Of(heads: 12, positions: 1023, rows: [5, 5], bytes: 1_000_000);

        Assert.Equal(288, plan.Positions);
        Assert.Equal([1, 1], plan.Rows);
        Assert.InRange(plan.Bytes, 1, 1_000_000);
    }

    [Theory]
    [InlineData(0, 100, 1000)]
    [InlineData(4, 100, 0)]
    [InlineData(4, 1, 1000)]
    public void Nothing_is_kept_without_heads_bytes_or_a_token_to_look_back_at(int heads, int positions, long bytes) =>
        Assert.Equal(0, AttentionPlan.Of(heads, positions, [3], bytes).Bytes);
}
