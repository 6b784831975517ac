using System.Globalization;
using Curie.Numerics;
using Curie.Response.Patterns;
using Curie.Response.Runs;
using Curie.Text.Packing;

namespace Curie.Response.Tests.Patterns;

public sealed class PatternClassifierTests
{
    private static readonly string[] Words = ["<s>", " the", "cat", "s", " ", "(", " 7", "."];

    // Tokens 1 … 9 of the row are predicted; the pair (1, 2), " the" + "cat", comes at targets 2, 5 and 9.
    private static readonly int[] Row = [0, 1, 2, 3, 1, 2, 4, 5, 1, 2];

    [Fact]
    public void Conditions_hold_together_and_neighbours_count()
    {
        TokenPattern[] patterns =
        [
            new("start") { Text = TokenPattern.Compile(@"^ \p{L}+$", "here") },
            new("part") { Text = TokenPattern.Compile(@"^\p{L}+$", "here") },
            new("end") { Text = TokenPattern.Compile(@"^\p{L}+$", "here"), NextNot = TokenPattern.Compile(@"^\p{L}+$", "here") },
            new("sign") { Text = TokenPattern.Compile(@"^\W+$", "here"), Except = ["start"] },
            new("after the") { Previous = TokenPattern.Compile("^ the$", "here") },
            new("before space") { Next = TokenPattern.Compile("^ $", "here") },
            new("inner part") { Text = TokenPattern.Compile(@"^\p{L}+$", "here"), Except = ["end"] },
        ];
        TokenClasses classes = Classify(patterns, Corpus());
        Assert.Equal([1, 4, 8], Targets(classes, "start"));
        Assert.Equal([2, 3, 5, 9], Targets(classes, "part"));

        // Token 9 is the row's last: whether its word ends there is not known.
        Assert.Equal([3, 5], Targets(classes, "end"));
        Assert.Equal([6, 7], Targets(classes, "sign"));
        Assert.Equal([2, 5, 9], Targets(classes, "after the"));
        Assert.Equal([5], Targets(classes, "before space"));
        Assert.Equal([2, 9], Targets(classes, "inner part"));
        Assert.Equal(4, classes.Count(1));
        Assert.Equal([0, 1, 1, 0, 1, 3, 3, 0, 1], classes.First(9));
        Assert.Empty(classes.Notes);
    }

    [Fact]
    public void Induction_is_a_pair_seen_before_in_the_context_that_the_corpus_rarely_shows()
    {
        // In the corpus, " the" is followed by "cat" once in four times.
        Assert.Equal([5, 9], Targets(Classify([new("repeat") { Repeated = true }], Corpus()), "repeat"));
        Assert.Equal([5, 9], Targets(Classify([Rare(0.25)], Corpus()), "rare"));
        Assert.Empty(Targets(Classify([Rare(0.2)], Corpus()), "rare"));
    }

    [Fact]
    public void Bigrams_are_counted_within_rows_and_up_to_a_limit()
    {
        using TokenRows corpus = Corpus();
        BigramCounts counts = BigramCounts.Of(corpus, [(1, 2), (1, 7), (6, 1)]);
        Assert.Equal(0.25, counts.Share(1, 2));
        Assert.Equal(0, counts.Share(1, 7));
        Assert.Equal(0, counts.Share(6, 1));
        Assert.Equal(8, counts.Pairs);
        Assert.Equal(4, BigramCounts.Of(corpus, [(1, 2)], maxPairs: 3).Pairs);
        Assert.Equal(0.5, BigramCounts.Of(corpus, [(1, 2)], maxPairs: 3).Share(1, 2));
    }

    [Fact]
    public void What_needs_missing_rows_or_counts_is_left_out_and_said()
    {
        TokenPattern[] patterns = [new("start") { Text = TokenPattern.Compile(@"^ \p{L}+$", "here") }, Rare(0.1)];
        TokenClasses withoutRows = new PatternClassifier(patterns, id => Words[id], [null], _ => null).Classify(Table());
        Assert.Equal(["start"], withoutRows.Names);
        Assert.Contains("token rows are missing", Assert.Single(withoutRows.Notes), StringComparison.Ordinal);
        TokenClasses withoutCorpus = Classify(patterns, null);
        Assert.Equal(["start"], withoutCorpus.Names);
        Assert.Contains("the corpus is missing", Assert.Single(withoutCorpus.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(?=a)b")]
    public void An_expression_that_is_none_or_could_take_forever_is_refused(string expression)
    {
        InputException error = Assert.Throws<InputException>(() => TokenPattern.Compile(expression, "patterns.yaml line 3"));
        Assert.StartsWith("patterns.yaml line 3: ", error.Message, StringComparison.Ordinal);
    }

    private static TokenPattern Rare(double share) => new("rare") { Repeated = true, LargestBigramShare = share };

    private static TokenRows Corpus() => new([1, 2, 1, 3, 6, 1, 4, 1, 5, 6], 5);

    private static TokenClasses Classify(TokenPattern[] patterns, TokenRows? corpus)
    {
        using TokenRows rows = new(Row, Row.Length);
        using TokenRows? owned = corpus;
        return new PatternClassifier(
            patterns,
            id => Words[id],
            [rows],
            wanted => corpus is null ? null : BigramCounts.Of(corpus, wanted)
        ).Classify(Table());
    }

    private static TokenTable Table()
    {
        TokenTable table = new(Row.Length - 1);
        for (int t = 0; t < table.Count; t++)
        {
            (table.Position[t], table.Id[t]) = (t, Row[t + 1]);
        }

        return table;
    }

    private static int[] Targets(TokenClasses classes, string name)
    {
        int pattern = classes.Names.ToList().IndexOf(name);
        Assert.True(pattern >= 0, string.Create(CultureInfo.InvariantCulture, $"{name} is not among {classes.Names.Count} patterns"));
        return [.. Enumerable.Range(0, Row.Length - 1).Where(t => classes.Members[pattern][t]).Select(t => t + 1)];
    }
}
