using System.Diagnostics;
using Curie.Cluster.Slurm;
using FsCheck;
using FsCheck.Fluent;

namespace Curie.Cluster.Tests.Slurm;

public sealed class ShellWordTests
{
    [Theory]
    [InlineData("/opt/curie/curie", "/opt/curie/curie")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME", "'$HOME'")]
    public void Only_what_needs_quotes_has_them(string text, string word) => Assert.Equal(word, ShellWord.Of(text));

    [Fact]
    public void A_shell_reads_any_words_back()
    {
        string[] words =
        [
            .. Gen.Sample(ArbMap.Default.ArbFor<NonNull<string>>().Generator, 200).Select(word => Plain(word.Get)),
            "a\\",
            "~",
            "-n",
            "*",
        ];
        string script = $"printf '%s\\0' {ShellWord.Join(words)}";
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true })!;
        string[] read = shell.StandardOutput.ReadToEnd().Split('\0')[..^1];
        shell.WaitForExit();
        Assert.Equal(words, read);
    }

    /// <summary>What a command line can hold at all: no NUL, and no half of a surrogate pair.</summary>
    private static string Plain(string text) => string.Concat(text.Where(letter => letter != '\0' && !char.IsSurrogate(letter)));
}
