using Curie.Text.Packing;

namespace Curie.Text.Tests.Packing;

public sealed class MixtureTests
{
    [Fact]
    public void Probe_rows_stand_evenly_among_base_rows_and_both_keep_their_order()
    {
        using TokenRows text = Rows(0, 20);
        using TokenRows probe = Rows(100, 3);
        using TokenRows mixed = Mixture.Rows(text, probe, 0.25);

        // ⌊15 · 0.25⌋ = 3: a sixteenth row would be a fourth probe row.
        Assert.Equal([0, 1, 2, 100, 3, 4, 5, 101, 6, 7, 8, 102, 9, 10, 11], Enumerable.Range(0, mixed.Count).Select(row => mixed[row, 0]));
        using TokenRows few = Mixture.Rows(text, probe, 0.1, 10);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 100], Enumerable.Range(0, few.Count).Select(row => few[row, 0]));
        Assert.Equal(few[9, 0] + 1, few[9, 1]);
    }

    [Fact]
    public void Base_rows_bound_the_result_too()
    {
        using TokenRows text = Rows(0, 4);
        using TokenRows probe = Rows(100, 50);
        using TokenRows mixed = Mixture.Rows(text, probe, 0.5);
        Assert.Equal([0, 100, 1, 101, 2, 102, 3, 103], Enumerable.Range(0, mixed.Count).Select(row => mixed[row, 0]));
    }

    [Fact]
    public void Impossible_mixtures_are_refused_in_one_sentence()
    {
        using TokenRows text = Rows(0, 4);
        using TokenRows wider = new([1, 2, 3], 3);
        Refusal.Says("the share of probe rows must lie between 0 and 1, but 1 was given; choose one such as 0.1.", () =>
            Mixture.Rows(text, text, 1)
        );
        Refusal.Says("rows of 2 and of 3 tokens cannot be mixed; pack both with the same n_ctx.", () => Mixture.Rows(text, wider, 0.1));
        Refusal.Says("4 rows at a share of 0.1 hold no probe row; give more rows or a larger share.", () => Mixture.Rows(text, text, 0.1));
    }

    private static TokenRows Rows(int first, int count) =>
        new([.. Enumerable.Range(first, count).SelectMany(id => new[] { id, id + 1 })], 2);
}
