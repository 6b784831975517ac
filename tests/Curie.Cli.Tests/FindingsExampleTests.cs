using Curie.Tests;

namespace Curie.Cli.Tests;

/// <summary>The script of examples/findings, on a tiny model and on text of the repository in place of packages.</summary>
public sealed class FindingsExampleTests
{
    [Fact]
    public void The_script_goes_from_text_to_scores_and_keeps_what_is_there()
    {
        using TemporaryFolder folder = new();
        ExampleScript.CopyText("docs", "*.md", folder.File("text/manuals"));
        ExampleScript.CopyText("tests/Shared", "*.cs", folder.File("text/code"));
        string output = Run(folder);
        Assert.Contains(
            "scores-1/scores.csv: no head matches prefixes with a tenth of its attention by step 10",
            output,
            StringComparison.Ordinal
        );
        Assert.True(File.Exists(folder.File("out/probe-code.npy")));
        DateTime written = File.GetLastWriteTimeUtc(folder.File("out/scores-1/scores.csv"));
        Run(folder);
        Assert.Equal(written, File.GetLastWriteTimeUtc(folder.File("out/scores-1/scores.csv")));
    }

    private static string Run(TemporaryFolder folder) =>
        ExampleScript.Run(
            "findings/run",
            [folder.File("out")],
            ("TEXT", folder.File("text")),
            ("STEPS", "10"),
            ("SEEDS", "1"),
            ("VOCABULARY", "300"),
            ("N_CTX", "32"),
            ("EVERY", "20"),
            ("ROWS", "4"),
            ("SAMPLES", "10"),
            ("LIMIT", "200K")
        );
}
