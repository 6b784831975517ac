using Curie.Numerics.Statistics;

namespace Curie.Numerics.Tests.Statistics;

public class BatchPlanTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 9, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 1, 2)]
    [InlineData(25, 1, 5)]
    [InlineData(100, 1, 8)]
    [InlineData(100, 3, 3)]
    [InlineData(100, 4, 2)]
    [InlineData(400, 4, 5)]
    [InlineData(8000, 4, 22)]
    [InlineData(120, 12, 2)]
    public void The_default_has_eight_batches_in_all_or_batches_of_four_roots_and_never_shorter_than_one_root(
        int draws,
        int chains,
        int batches
    ) => Assert.Equal(batches, BatchPlan.ForDraws(draws, chains).Batches);

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
        Assert.Equal(
            lengths,
            Enumerable.Range(0, batches).Select(batch => plan.DrawsOf(batch).End.Value - plan.DrawsOf(batch).Start.Value)
        );
        Assert.Equal(draws, plan.DrawsOf(batches - 1).End.Value);
        Assert.Equal(batches, lengths.Count);
        Assert.InRange(lengths.Max() - lengths.Min(), 0, 1);
    }

    [Theory]
    [InlineData(5, 2, 4)]
    [InlineData(18, 2, 1)]
    [InlineData(11, 3, 7)]
    public void A_repeated_plan_has_its_batches_at_the_same_places(int draws, int batches, int factor)
    {
        BatchPlan plan = new(draws, batches);
        BatchPlan repeated = plan.Repeated(factor);
        Assert.Equal((draws * factor, batches), (repeated.Draws, repeated.Batches));
        for (int batch = 0; batch < batches; batch++)
        {
            Range range = plan.DrawsOf(batch);
            Assert.Equal((range.Start.Value * factor)..(range.End.Value * factor), repeated.DrawsOf(batch));
        }

        for (int draw = 0; draw < draws * factor; draw++)
        {
            Assert.Equal(draw % factor == factor - 1 && plan.EndsBatch(draw / factor), repeated.EndsBatch(draw));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 0)]
    [InlineData(3, 4)]
    public void A_plan_with_an_empty_batch_is_refused(int draws, int batches) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchPlan(draws, batches));
}
