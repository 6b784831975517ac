using Curie.Numerics;
using Curie.Response.Patterns;
using Curie.Studies.Configuration;
using Curie.Tests;

namespace Curie.Studies.Tests.Configuration;

public sealed class PatternFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(" the", "word start")]
    [InlineData(" État", "word start")]
    [InlineData("ing", "word part")]
    [InlineData("  ", "spacing")]
    [InlineData("\n\n", "spacing")]
    [InlineData("(", "left delimiter")]
    [InlineData(" [\"", "left delimiter")]
    [InlineData("'])", "right delimiter")]
    [InlineData(">", "right delimiter")]
    [InlineData(" 42", "numeric")]
    [InlineData(";", "formatting")]
    [InlineData(" +=", "formatting")]
    [InlineData("a1", "")]
    [InlineData("\uFFFD", "formatting")]
    public void Every_token_text_has_its_default_pattern(string text, string expected)
    {
        IReadOnlyList<TokenPattern> patterns = PatternFile.Read(null);
        List<string> found = [];
        foreach (TokenPattern pattern in patterns.Where(pattern => !pattern.NeedsContext))
        {
            if (pattern.Text!.IsMatch(text) && !pattern.Except.Any(found.Contains))
            {
                found.Add(pattern.Name);
            }
        }

        Assert.Equal(expected, string.Join(", ", found));
    }

    [Fact]
    public void The_defaults_have_the_patterns_of_the_literature_and_print_as_a_file_that_reads_the_same()
    {
        IReadOnlyList<TokenPattern> patterns = PatternFile.Read(null);
        Assert.Equal(
            ["word start", "word part", "word end", "induction", "spacing", "left delimiter", "right delimiter", "numeric", "formatting"],
            patterns.Select(pattern => pattern.Name)
        );
        Assert.All(patterns, pattern => Assert.NotEmpty(pattern.Description));
        TokenPattern induction = patterns[3];
        Assert.True(induction.Repeated);
        Assert.Equal(0.05, induction.LargestBigramShare);

        string copy = _folder.File("patterns.yaml");
        File.WriteAllText(copy, PatternFile.DefaultText);
        Assert.Equal(
            patterns.Select(pattern => (pattern.Name, pattern.Text?.ToString())),
            PatternFile.Read(copy).Select(pattern => (pattern.Name, pattern.Text?.ToString()))
        );
    }

    [Theory]
    [InlineData("patterns:\n  - name: a\n    matches: '('", "line 3: '(' cannot be used")]
    [InlineData("patterns:\n  - name: a\n    matchs: b", "line 3: unknown key \"matchs\"; did you mean \"matches\"?")]
    [InlineData("patterns:\n  - name: a\n", "has no condition")]
    [InlineData("patterns:\n  - name: a\n    matches: b\n    except: [c]", "no pattern above is named \"c\"")]
    [InlineData("patterns:\n  - name: a\n    matches: b\n  - name: a\n    matches: c", "there is a pattern \"a\" above already")]
    [InlineData("patterns:\n  - name: a\n    bigram_at_most: 2", "must be a number from 0 to 1")]
    [InlineData("patterns: []", "there is no pattern here")]
    public void What_is_no_pattern_is_refused_with_its_line(string yaml, string message)
    {
        string path = _folder.File("patterns.yaml");
        File.WriteAllText(path, yaml);
        InputException error = Assert.Throws<InputException>(() => PatternFile.Read(path));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
