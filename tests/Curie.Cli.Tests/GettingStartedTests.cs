using System.Text.RegularExpressions;
using Curie.Tests;

namespace Curie.Cli.Tests;

/// <summary>docs/getting-started.md, read and followed from its first command line to its last on a smaller model.</summary>
public sealed partial class GettingStartedTests
{
    /// <summary>What is smaller here than on the page, in its configurations and its command lines; each must be there.</summary>
    private static readonly (string From, string To)[] Shortened =
    [
        ("--limit 300K", "--limit 64K"),
        ("d_model: 64\n", "d_model: 16\n"),
        ("d_head: 16\n", "d_head: 4\n"),
        ("batch_size: 32", "batch_size: 2"),
        ("batch_size: 16", "batch_size: 2"),
        ("chains: 4\n", "chains: 2\n"),
        ("draws: 50\n", "draws: 8\n"),
        ("loss_rows: 64", "loss_rows: 4"),
        ("rows: 16, ", "rows: 2, "),
        (
            "--component l1h0 --loss-rows 16 --out",
            "--component l1h0 --loss-rows 4 --localizations 300,3000 --loss-shares 0.1 --steps 0.4 --effective-draws 8 --no-response --out"
        ),
    ];

    /// <summary>Command lines that are not run, with the reason.</summary>
    private static readonly Dictionary<string, string> LeftOut = new()
    {
        ["curie() {"] = "the shell function that names the program",
        ["curie report chi/checkpoint-*"] = "the page makes no runs of several checkpoints; the tests of the page do",
    };

    /// <summary>Exit codes other than 0 that a command line may have here, with the reason.</summary>
    private static readonly Dictionary<string, (int Code, string Reason)> MayExitWith = new()
    {
        ["curie calibrate"] = (5, "with so few draws no setting need be sound"),
    };

    [Fact]
    public void Every_command_line_of_the_page_runs()
    {
        using TemporaryFolder folder = new();
        string page = Page();
        string[] blocks = [.. Block.Matches(page).Select(block => block.Groups["text"].Value)];
        string[] configurations = [.. blocks.Where(block => block.StartsWith("model:", StringComparison.Ordinal))];
        Assert.Equal(2, configurations.Length);
        File.WriteAllText(folder.File("train.yaml"), configurations[0]);
        File.WriteAllText(folder.File("experiment.yaml"), configurations[1]);
        string[] lines =
        [
            .. blocks.SelectMany(block => block.Split('\n')).Where(line => line.StartsWith("curie", StringComparison.Ordinal)),
        ];
        Assert.All(LeftOut.Keys, start => Assert.Single(lines, line => line.StartsWith(start, StringComparison.Ordinal)));

        foreach (string line in lines.Where(line => !LeftOut.Keys.Any(start => line.StartsWith(start, StringComparison.Ordinal))))
        {
            // What the shell does with the output is not the program's.
            CommandRun run = BuiltProgram.Run(folder.Path, line.Split(" > ")[0].Split(' ')[1..]);
            bool mayFail = MayExitWith.Any(pair => line.StartsWith(pair.Key, StringComparison.Ordinal) && pair.Value.Code == run.ExitCode);
            Assert.True(run.ExitCode == 0 || mayFail, $"{line}: exit code {run.ExitCode}: {run.Error}");
        }

        Assert.True(lines.Length >= 20, $"only {lines.Length} command lines were found");
    }

    private static string Page()
    {
        string page = File.ReadAllText(RepositoryFiles.Of("docs/getting-started.md"));
        foreach ((string from, string to) in Shortened)
        {
            Assert.Contains(from, page, StringComparison.Ordinal);
            page = page.Replace(from, to, StringComparison.Ordinal);
        }

        return page;
    }

    [GeneratedRegex("^```(bash|yaml|)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block { get; }
}
