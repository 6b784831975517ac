using System.Text;
using System.Text.RegularExpressions;
using Curie.Text.Sources;

namespace Curie.Text.Tests.Sources;

/// <summary>On the .NET SDK that runs the tests.</summary>
public sealed partial class BuiltInSourcesTests
{
    // Half of what the SDK 10.0 brings in MB, so that a source that lost its files or its members is noticed.
    [Theory]
    [InlineData("dotnet-docs", 8.0)]
    [InlineData("signatures", 2.0)]
    [InlineData("msbuild", 1.0)]
    [InlineData("arithmetic", 2.5)]
    public void A_source_has_as_much_text_as_it_should_and_is_the_same_every_time(string name, double megabytes)
    {
        Document[] documents = [.. BuiltInSources.Create(name, 3).Read()];
        Assert.True(documents.Sum(document => (long)Encoding.UTF8.GetByteCount(document.Text)) > megabytes * 1e6);
        Assert.All(documents, document => Assert.Equal(name, document.Source));
        Assert.Equal(documents.Length, documents.Select(document => document.Text).Distinct().Count());
        Assert.Equal(documents, BuiltInSources.Create(name, 3).Read());
    }

    [Fact]
    public void No_documentation_tag_and_no_ragged_space_is_left_in_the_documentation()
    {
        foreach (Document document in new DotnetDocsSource().Read())
        {
            Assert.DoesNotMatch(DocumentationTag(), document.Text);
            Assert.DoesNotContain("  ", document.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("\n\n\n", document.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(" \n", document.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_documentation_notation_is_left_in_the_signatures() =>
        Assert.All(new SignaturesSource().Read(), document => Assert.DoesNotMatch(@"[`#@]", document.Text));

    [Fact]
    public void The_sums_are_right()
    {
        int checkedSums = 0;
        foreach (Match match in new ArithmeticSource(1, documents: 50).Read().SelectMany(document => Sum().Matches(document.Text)))
        {
            (long a, long b, long c) = (Number(match, 1), Number(match, 3), Number(match, 4));
            Assert.Equal(
                match.Groups[2].Value switch
                {
                    "+" => a + b,
                    "-" => a - b,
                    "*" => a * b,
                    _ => a / b,
                },
                c
            );
            checkedSums++;
        }

        Assert.True(checkedSums > 50);
    }

    [Fact]
    public void Arithmetic_differs_with_the_seed_and_a_longer_corpus_begins_with_a_shorter_one()
    {
        Assert.Equal(new ArithmeticSource(1, 3).Read(), new ArithmeticSource(1, 9).Read().Take(3));
        Assert.NotEqual(new ArithmeticSource(1, 3).Read(), new ArithmeticSource(2, 3).Read());
        Refusal.Says("0 documents of 16 questions are no corpus; give at least one of each.", () => _ = new ArithmeticSource(1, 0));
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        Refusal.Says("there is no built-in source pile; the built-in sources are dotnet-docs, msbuild, signatures, arithmetic.", () =>
            BuiltInSources.Create("pile", 1)
        );
        Refusal.Says("repeats is made of tokens, not of text; make its rows when packing, where the tokenizer is known.", () =>
            BuiltInSources.Create("repeats", 1)
        );
    }

    private static long Number(Match match, int group) =>
        long.Parse(match.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"What is (\d+) ([-+*/]) (\d+)\?\nA: (-?\d+)\n")]
    private static partial Regex Sum();

    // "<item/>" occurs in the documentation of XML classes as escaped text, so only tags that can be nothing else are looked for.
    [GeneratedRegex(@"</?(see|seealso|para|paramref|typeparamref|summary|remarks|returns|inheritdoc|param|exception)\b[^>]*>")]
    private static partial Regex DocumentationTag();
}
