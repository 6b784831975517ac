using Curie.Cli.Invocation;
using Curie.Studies.Configuration;

namespace Curie.Cli.Tests.Invocation;

public sealed class ProseLinesTests
{
    [Fact]
    public void A_long_sentence_is_broken_between_words_and_keeps_its_margin()
    {
        string sentence = string.Join(' ', Enumerable.Repeat("nine chars", 15));
        string[] lines = ProseLines.Fit($"short\n  {sentence}").Split('\n');
        Assert.Equal("short", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, ProseLines.Width));
        Assert.StartsWith("  nine", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("    ", lines[2], StringComparison.Ordinal);
        Assert.Equal(sentence, string.Join(' ', lines.Skip(1).Select(line => line.Trim())));
    }

    [Fact]
    public void Tables_and_words_that_are_longer_than_a_line_stay_as_they_are()
    {
        string row = $"  component   {new string('x', 120)}   1.0";
        string rule = new('─', 140);
        string path = new('p', 150);
        string bars = "| of Markdown " + string.Concat(Enumerable.Repeat("| 95.0 (1.00) ", 10)) + "|";
        string all = $"{row}\n{rule}\n{path}\n{bars}";
        Assert.Equal(all, ProseLines.Fit(all));
    }

    [Theory]
    [InlineData("Next: curie structure ")]
    [InlineData("      curie report ")]
    [InlineData("kubectl apply -f ")]
    public void Commands_stay_in_one_line_so_that_they_can_be_copied(string command)
    {
        string line = command + string.Join(" --with ", Enumerable.Repeat("an/option", 15));
        Assert.Equal(line, ProseLines.Fit(line));
    }

    [Fact]
    public void A_file_that_is_printed_is_the_file() =>
        Assert.Equal(
            PatternFile.DefaultText.TrimEnd().ReplaceLineEndings("\n"),
            CommandRun.Of("patterns").AssertDone().Output.TrimEnd().ReplaceLineEndings("\n")
        );
}
