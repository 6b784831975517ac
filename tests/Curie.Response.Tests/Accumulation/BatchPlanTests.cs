using Curie.Response.Accumulation;

namespace Curie.Response.Tests.Accumulation;

public class BatchPlanTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    [InlineData(100, 10)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(120, 10)]
    [InlineData(200, 14)]
    public void The_default_has_the_whole_square_root_of_the_draws_as_batches_but_two_where_it_can(int draws, int batches) =>
        Assert.Equal(batches, BatchPlan.ForDraws(draws).Batches);

    [Theory]
    [InlineData(200, 14)]
    [InlineData(7, 7)]
    [InlineData(10, 1)]
    [InlineData(11, 3)]
    public void Batches_cover_every_draw_and_their_lengths_differ_by_one_at_most(int draws, int batches)
    {
        BatchPlan plan = new(draws, batches);
        List<int> lengths = [];
        int length = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            length++;
            if (plan.EndsBatch(draw))
            {
                lengths.Add(length);
                length = 0;
            }
        }

        Assert.Equal(0, length);
        Assert.Equal(batches, lengths.Count);
        Assert.InRange(lengths.Max() - lengths.Min(), 0, 1);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 0)]
    [InlineData(3, 4)]
    public void A_plan_with_an_empty_batch_is_refused(int draws, int batches) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchPlan(draws, batches));
}
