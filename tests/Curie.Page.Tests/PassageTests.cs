using Curie.Response.Runs;

namespace Curie.Page.Tests;

public sealed class PassageTests
{
    [Fact]
    public void Rows_are_cut_every_128_positions_and_between_probes()
    {
        IReadOnlyList<Passage> passages = Passage.Of(Tokens(probes: 2, rows: 2, positions: 200));

        Assert.Equal(8, passages.Count);
        Assert.Equal(new Passage(0, 0, 0, 0, 128), passages[0]);
        Assert.Equal(new Passage(0, 0, 128, 128, 72), passages[1]);
        Assert.Equal(new Passage(1, 1, 128, 728, 72), passages[7]);
    }

    [Fact]
    public void All_are_kept_where_they_fit()
    {
        IReadOnlyList<Passage> all = Passage.Of(Tokens(2, 3, 100));

        Assert.Same(all, Passage.Choose(all, 600, seed: 1));
    }

    [Fact]
    public void What_fits_is_chosen_by_the_seed_from_every_probe_and_stays_in_order()
    {
        IReadOnlyList<Passage> all = Passage.Of(Tokens(probes: 3, rows: 20, positions: 100));

        IReadOnlyList<Passage> chosen = Passage.Choose(all, 1250, seed: 1);

        Assert.Equal(12, chosen.Count);
        Assert.All(Enumerable.Range(0, 3), probe => Assert.Equal(4, chosen.Count(passage => passage.Probe == probe)));
        Assert.Equal(chosen.OrderBy(passage => passage.FirstToken), chosen);
        Assert.Equal(chosen, Passage.Choose(all, 1250, seed: 1));
        Assert.NotEqual(chosen, Passage.Choose(all, 1250, seed: 2));
    }

    [Fact]
    public void One_is_kept_even_where_none_fits() => Assert.Single(Passage.Choose(Passage.Of(Tokens(2, 2, 100)), 10, seed: 1));

    [Fact]
    public void Some_rows_come_first_and_the_seed_chooses_the_others()
    {
        IReadOnlyList<Passage> all = Passage.Of(Tokens(probes: 2, rows: 20, positions: 100));

        IReadOnlyList<Passage> chosen = Passage.Choose(all, 800, seed: 1, new HashSet<(int, int)> { (0, 3), (0, 7), (1, 19) });

        Assert.Equal(8, chosen.Count);
        Assert.Contains(chosen, passage => passage is { Probe: 0, Row: 3 });
        Assert.Contains(chosen, passage => passage is { Probe: 0, Row: 7 });
        Assert.Contains(chosen, passage => passage is { Probe: 1, Row: 19 });
        Assert.NotEqual(chosen, Passage.Choose(all, 800, seed: 2, new HashSet<(int, int)> { (0, 3), (0, 7), (1, 19) }));
    }

    private static TokenTable Tokens(int probes, int rows, int positions)
    {
        TokenTable tokens = new(probes * rows * positions);
        for (int i = 0; i < tokens.Count; i++)
        {
            tokens.Probe[i] = i / (rows * positions);
            tokens.Row[i] = i / positions % rows;
            tokens.Position[i] = i % positions;
        }

        return tokens;
    }
}
