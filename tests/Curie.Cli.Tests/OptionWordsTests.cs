using System.CommandLine;
using System.Text.RegularExpressions;
using Curie.Cli.Invocation;
using Curie.Tests;

namespace Curie.Cli.Tests;

/// <summary>Libraries name settings, and the command line names options: each of its words is an option, and is needed.</summary>
public sealed partial class OptionWordsTests
{
    public static TheoryData<string> Names { get; } = [.. OptionWords.All.Keys];

    [Fact]
    public void A_name_becomes_the_option_and_everything_else_stays()
    {
        Assert.Equal(
            "run`s: needs 3 GB; raise --memory, or name a folder that `curie susceptibility --out` wrote, of `l0h1`.",
            OptionWords.Of("run`s: needs 3 GB; raise `memory`, or name a folder that `SusceptibilityExperiment` wrote, of `l0h1`.")
        );
        Assert.Equal("no memory", OptionWords.Of("no memory"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_word_is_an_option_that_there_is(string name)
    {
        string word = OptionWords.All[name];
        string[] parts = word.Trim('`').Split(' ');
        Command root = CurieCommandLine.CreateRoot(CommandLineTests.NewSession());
        if (parts[0] != "curie")
        {
            Assert.Contains(parts[0], Everything(root).SelectMany(command => command.Options).Select(option => option.Name));
            return;
        }

        Command command = root;
        foreach (string part in parts[1..^1])
        {
            command = command.Subcommands.Single(one => one.Name == part);
        }

        Assert.Contains(parts[^1], command.Options.Concat(root.Options).Select(option => option.Name));
    }

    [Fact]
    public void No_library_names_an_option_and_every_name_is_said_by_one()
    {
        string[] libraries =
        [
            .. Directory
                .EnumerateDirectories(RepositoryFiles.Of("src"), "Curie.*")
                .Where(folder => Path.GetFileName(folder) != "Curie.Cli"),
        ];
        ILookup<bool, string> byProgram = libraries.ToLookup(folder => Path.GetFileName(folder) == "Curie.Cluster");
        string[] sources = SourcesOf(byProgram[false]);
        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.DoesNotMatch(OptionInString(), source));

        // This one gives arguments to other programs.
        string[] withPrograms = SourcesOf(byProgram[true]);
        Assert.NotEmpty(withPrograms);
        Assert.All(withPrograms, source => Assert.DoesNotMatch(OptionInSentence(), source));
        Assert.All(OptionWords.All.Keys, name =>
            Assert.Contains(sources.Concat(withPrograms), source => source.Contains($"`{name}`", StringComparison.Ordinal))
        );
    }

    private static string[] SourcesOf(IEnumerable<string> folders) =>
        [
            .. folders
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
                .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .Select(File.ReadAllText),
        ];

    private static IEnumerable<Command> Everything(Command command) => [command, .. command.Subcommands.SelectMany(Everything)];

    [GeneratedRegex("""(?m)^(?!\s*//).*"[^"\n]*--[a-z]""")]
    private static partial Regex OptionInString();

    [GeneratedRegex("""(?m)^(?!\s*//).*"[^"\n]+ --[a-z]""")]
    private static partial Regex OptionInSentence();
}
