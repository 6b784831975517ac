using Curie.Networks.Data;
using Curie.Response.Experiments;
using Curie.Text.Packing;

namespace Curie.Response.Tests.Experiments;

public sealed class ProbeSelectionTests
{
    private const int Positions = 3;

    [Fact]
    public void Random_rows_are_followed_whole_and_in_their_order()
    {
        using TokenRows rows = Rows(50);
        ProbeInput probe = Probe(rows) with { RowLimit = 6, RowChoice = RowChoice.Random };
        ProbeSelection selection = ProbeSelection.Choose(probe);
        int[] expected = ChosenRows.Of(RowChoice.Random, rows.Count, 6, probe.Name);
        Assert.NotEqual(Enumerable.Range(0, 6), expected);
        Assert.Equal(expected, selection.Rows);
        Assert.Equal(6, selection.AvailableRows);
        Assert.Equal(6 * Positions, selection.Count);
        for (int i = 0; i < selection.Count; i++)
        {
            Assert.Equal((expected[i / Positions], i % Positions), (selection.RowOf(i), selection.PositionOf(i)));
            Assert.Equal(rows[selection.RowOf(i), selection.PositionOf(i) + 1], selection.TokenIdOf(i));
        }
    }

    [Fact]
    public void Tokens_and_counted_positions_are_taken_of_the_random_rows()
    {
        using TokenRows rows = Rows(50);
        ProbeInput probe = Probe(rows) with
        {
            RowLimit = 6,
            RowChoice = RowChoice.Random,
            Tokens = 4,
            CountedPositions = CountedPositions.OfEveryRow([false, true, true]),
        };
        ProbeSelection selection = ProbeSelection.Choose(probe);
        int[] allowed = ChosenRows.Of(RowChoice.Random, rows.Count, 6, probe.Name);
        Assert.Equal(4, selection.Count);
        Assert.All(Enumerable.Range(0, 4), i =>
        {
            Assert.Contains(selection.RowOf(i), allowed);
            Assert.InRange(selection.PositionOf(i), 1, 2);
        });
    }

    [Fact]
    public void The_first_rows_are_the_default()
    {
        using TokenRows rows = Rows(50);
        Assert.Equal([0, 1, 2], ProbeSelection.Choose(Probe(rows) with { RowLimit = 3 }).Rows);
    }

    private static ProbeInput Probe(TokenRows rows) => new() { Name = "probe", Rows = rows };

    private static TokenRows Rows(int count) => new([.. Enumerable.Range(0, count * (Positions + 1))], Positions + 1);
}
