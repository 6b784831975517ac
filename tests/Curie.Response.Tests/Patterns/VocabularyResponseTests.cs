using Curie.Response.Estimators;
using Curie.Response.Patterns;
using Curie.Response.Runs;
using Curie.Response.Tests.Reproducibility;

namespace Curie.Response.Tests.Patterns;

public sealed class VocabularyResponseTests
{
    private const int Tokens = 60;
    private const int RowLength = 10;

    // Six rows of ten tokens of one probe; ids 0, 1 and 2 by turns, and id 3 at the last position of the first row alone.
    private readonly SusceptibilityRun _run = SyntheticRun.Of(
        (_, i) => (i % 7) - 2.5,
        noise: 0,
        components: 1,
        tokens: Tokens,
        chains: 1,
        batches: 2,
        seed: 1
    );

    public VocabularyResponseTests()
    {
        TokenTable table = _run.Data.Tokens;
        for (int i = 0; i < Tokens; i++)
        {
            (table.Probe[i], table.Row[i], table.Position[i]) = (0, i / RowLength, i % RowLength);
            table.Id[i] = i == RowLength - 1 ? 3 : i % 3;
        }
    }

    [Fact]
    public void Contributions_of_all_tokens_of_the_vocabulary_add_up_to_the_mean()
    {
        IReadOnlyList<VocabularyResponse> all = VocabularyResponse.Of(_run, ResponsePart.Susceptibility, most: 10);

        Assert.Equal([0, 1, 2, 3], all.Select(one => one.TokenId).Order());
        Assert.Equal(Tokens, all.Sum(one => one.Tokens));
        double mean = _run.Data.Response.Values(ResponsePart.Susceptibility).Average(value => (double)value);
        Assert.Equal(mean, all.Sum(one => one.Contribution), 1e-9);
        Assert.All(all, one => Assert.Equal(one.Contribution, one.Mean * one.Tokens / Tokens, 1e-12));
        Assert.Equal(all.Select(one => Math.Abs(one.Contribution)).OrderDescending(), all.Select(one => Math.Abs(one.Contribution)));
    }

    [Fact]
    public void A_token_that_occurs_in_one_row_alone_has_an_error_as_large_as_its_contribution()
    {
        // Sums s, 0, 0, 0, 0, 0 of R = 6 rows: R/(R − 1)·Σ(s_r − s̄)² = s².
        VocabularyResponse rare = VocabularyResponse.Of(_run, ResponsePart.Susceptibility, most: 10).Single(one => one.TokenId == 3);

        Assert.Equal(1, rare.Tokens);
        Assert.Equal(Math.Abs(rare.Contribution), rare.StandardError, 1e-12);
    }

    [Fact]
    public void No_more_are_told_than_are_wanted()
    {
        IReadOnlyList<VocabularyResponse> two = VocabularyResponse.Of(_run, ResponsePart.Susceptibility, most: 2);
        IReadOnlyList<VocabularyResponse> all = VocabularyResponse.Of(_run, ResponsePart.Susceptibility, most: 10);

        Assert.Equal(all.Take(2), two);
    }
}
