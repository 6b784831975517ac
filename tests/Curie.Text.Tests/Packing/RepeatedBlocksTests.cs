using Curie.Text.Packing;
using Curie.Text.Tests.Tokenization;

namespace Curie.Text.Tests.Packing;

public sealed class RepeatedBlocksTests
{
    [Theory]
    [InlineData(9, 4)]
    [InlineData(10, 4)]
    [InlineData(1024, 511)]
    public void A_row_is_BOS_and_a_block_that_stands_twice_and_fills_the_odd_position(int contextLength, int block)
    {
        using TokenRows rows = RepeatedBlocks.Rows(3, contextLength, 5000, 4999, seed: 7);
        for (int r = 0; r < rows.Count; r++)
        {
            int[] row = rows.Row(r);
            Assert.Equal(4999, row[0]);
            Assert.DoesNotContain(4999, row[1..]);
            Assert.Equal(row[1..(1 + block)], row[(1 + block)..(1 + (2 * block))]);
            Assert.Equal(row[1..(contextLength - (2 * block))], row[(1 + (2 * block))..]);
        }
    }

    [Fact]
    public void Block_tokens_are_uniform_over_the_ordinary_tokens()
    {
        using TokenRows rows = RepeatedBlocks.Rows(400, 257, 10, 3, seed: 1);
        int[] counts = new int[10];
        for (int r = 0; r < rows.Count; r++)
        {
            foreach (int token in rows.Row(r)[1..129])
            {
                counts[token]++;
            }
        }

        // 51,200 draws over 9 ids: mean 5,689, binomial s.d. 71; five of them.
        Assert.Equal(0, counts[3]);
        Assert.All(counts.Where((_, id) => id != 3), count => Assert.InRange(count, 5689 - 355, 5689 + 355));
    }

    [Fact]
    public void Lengths_from_a_range_differ_between_rows_and_stay_inside_it()
    {
        using TokenRows rows = RepeatedBlocks.Rows(200, 64, 50_000, 0, seed: 1, new BlockLength(8, 40));
        HashSet<int> lengths = [];
        for (int r = 0; r < rows.Count; r++)
        {
            int[] row = rows.Row(r);
            int length = Enumerable
                .Range(1, 62)
                .First(candidate => Enumerable.Range(1, 63 - candidate).All(p => row[p] == row[p + candidate]));
            Assert.InRange(length, 8, 40);
            lengths.Add(length);
        }

        Assert.True(lengths.Count > 25, $"200 draws of 33 lengths hit only {lengths.Count}");
    }

    [Fact]
    public void A_row_depends_on_seed_and_number_alone()
    {
        using TokenRows few = RepeatedBlocks.Rows(2, 32, SmallTokenizer.Instance, seed: 5);
        using TokenRows many = RepeatedBlocks.Rows(9, 32, SmallTokenizer.Instance, seed: 5);
        using TokenRows other = RepeatedBlocks.Rows(2, 32, SmallTokenizer.Instance, seed: 6);
        Assert.Equal(few.Row(1), many.Row(1));
        Assert.NotEqual(few.Row(1), other.Row(1));
        Assert.NotEqual(few.Row(0), few.Row(1));
    }

    [Fact]
    public void Refuses_what_cannot_repeat()
    {
        Refusal.Says("a context of 2 tokens cannot repeat anything; give at least 3.", () => RepeatedBlocks.Rows(1, 2, 10, 0, 1));
        Refusal.Says("blocks of 4 to 9 tokens do not fit a context of 10; give lengths from 1 to 8, the smaller first.", () =>
            RepeatedBlocks.Rows(1, 10, 10, 0, 1, new BlockLength(4, 9))
        );
        Refusal.Says("the BOS id 10 is not in a vocabulary of 10 tokens; give an id below the vocabulary's size.", () =>
            RepeatedBlocks.Rows(1, 10, 10, 10, 1)
        );
    }
}
