using System.Diagnostics;
using Curie.Cli.Invocation;
using Curie.Tests;

namespace Curie.Cli.Tests;

/// <summary>The script of examples/findings, on a tiny model and on text of the repository in place of packages.</summary>
public sealed class FindingsExampleTests
{
    [Fact]
    public void The_script_goes_from_text_to_scores_and_keeps_what_is_there()
    {
        using TemporaryFolder folder = new();
        Copy("docs", "*.md", folder.File("text/manuals"));
        Copy("tests/Shared", "*.cs", folder.File("text/code"));
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

    private static void Copy(string from, string pattern, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(RepositoryFiles.Of(from), pattern))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static string Run(TemporaryFolder folder)
    {
        ProcessStartInfo start = new("bash", [RepositoryFiles.Of("examples/findings/run"), folder.File("out")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        foreach (
            (string name, string value) in new[]
            {
                ("CURIE", $"{host} {typeof(CurieCommandLine).Assembly.Location}"),
                ("TEXT", folder.File("text")),
                ("STEPS", "10"),
                ("SEEDS", "1"),
                ("VOCABULARY", "300"),
                ("N_CTX", "32"),
                ("EVERY", "20"),
                ("ROWS", "4"),
                ("SAMPLES", "10"),
                ("LIMIT", "200K"),
            }
        )
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }
}
