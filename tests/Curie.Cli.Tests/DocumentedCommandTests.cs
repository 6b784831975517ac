using System.CommandLine;
using System.Text.RegularExpressions;
using Curie.Cli.Invocation;
using Curie.Tests;

namespace Curie.Cli.Tests;

/// <summary>
/// Every command line of the documents, parsed. Those of docs/getting-started.md are run too (<see cref="GettingStartedTests"/>), as are
/// the examples of help (<see cref="HelpExampleTests"/>).
/// </summary>
public sealed partial class DocumentedCommandTests
{
    // A run of a regression transformer makes its data, which is known where the folder is there.
    private const string OfRegression = "runs/regression";

    public static TheoryData<string, string> Lines
    {
        get
        {
            TheoryData<string, string> lines = [];
            foreach (string document in Documents())
            {
                foreach (string line in CommandsIn(document))
                {
                    lines.Add(Path.GetFileName(document), line);
                }
            }

            return lines;
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_command_line_of_a_document_parses(string document, string line)
    {
        RootCommand root = CurieCommandLine.CreateRoot(CommandLineTests.NewSession());
        string[] arguments = [.. Word.Matches(line).Select(word => word.Value.Trim('"'))];
        ParseResult parsed = root.Parse(arguments[1..]);
        string[] errors =
        [
            .. parsed
                .Errors.Select(error => error.Message)
                .Where(error => !(line.Contains(OfRegression, StringComparison.Ordinal) && AsksForData(error))),
        ];
        Assert.True(errors.Length == 0, $"{document}: {line}: {string.Join(' ', errors)}");
        Assert.IsType<CurieCommand>(parsed.CommandResult.Command);
    }

    /// <summary>What stands in a sentence need not be whole, but its words must be commands and its options theirs.</summary>
    [Fact]
    public void Commands_and_options_that_sentences_name_are_there()
    {
        foreach (string document in Documents())
        {
            foreach (Match mention in Mention.Matches(File.ReadAllText(document)).Where(match => match.Groups["words"].Length > 0))
            {
                RootCommand root = CurieCommandLine.CreateRoot(CommandLineTests.NewSession());
                string[] words = mention.Groups["words"].Value.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
                ParseResult parsed = root.Parse(words.TakeWhile(word => char.IsLower(word[0])).ToArray());
                Assert.True(parsed.CommandResult.Command is not RootCommand, $"{document}: {mention.Value}");
                foreach (string option in words.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
                {
                    Assert.True(
                        parsed.CommandResult.Command.Options.Any(known => known.Name == option || known.Aliases.Contains(option))
                            || option is "--help" or "--json" or "--quiet",
                        $"{document}: {mention.Value} names {option}"
                    );
                }
            }
        }
    }

    private static bool AsksForData(string error) => error.Contains("--data", StringComparison.Ordinal);

    private static IEnumerable<string> Documents() =>
        Directory
            .EnumerateFiles(RepositoryFiles.Of("docs"), "*.md")
            .Concat(Directory.EnumerateFiles(RepositoryFiles.Of("examples"), "README.md", SearchOption.AllDirectories))
            .Concat(new[] { "README.md", "CONTRIBUTING.md", "SECURITY.md" }.Select(RepositoryFiles.Of))
            .Order(StringComparer.Ordinal);

    /// <summary>The lines of code blocks that call the program, without what the shell does with them.</summary>
    private static IEnumerable<string> CommandsIn(string document) =>
        Block
            .Matches(File.ReadAllText(document))
            .SelectMany(block => block.Groups["text"].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
            .Select(line => line.Replace("dotnet run -c Release --project src/Curie.Cli --", "curie", StringComparison.Ordinal))
            .Where(line => line.StartsWith("curie ", StringComparison.Ordinal))
            .Select(line => Shell.Replace(line, ""));

    [GeneratedRegex("^```(bash|)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block { get; }

    [GeneratedRegex("""\s+(#|>|\|\|).*$""")]
    private static partial Regex Shell { get; }

    [GeneratedRegex("""("[^"]*"|\S+)""")]
    private static partial Regex Word { get; }

    [GeneratedRegex("`curie(?<words>(\\s[a-z][^`]+))`")]
    private static partial Regex Mention { get; }
}
