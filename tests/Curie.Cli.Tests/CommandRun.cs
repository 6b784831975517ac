using System.Text;
using Curie.Cli.Invocation;

namespace Curie.Cli.Tests;

/// <summary>One command line run in-process through the entry point of the program.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static CommandRun Of(params string[] arguments) => With("", CancellationToken.None, arguments);

    public static CommandRun With(string input, CancellationToken cancellation, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Terminal terminal = new(output, error, () => new MemoryStream(Encoding.UTF8.GetBytes(input)), IsInteractive: false);
        int exitCode = CurieCommandLine.Run(arguments, terminal, cancellation);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>
    /// Asserts an exit code, and that one line on standard error, and no stack trace, says why; on a slow machine progress comes before it.
    /// </summary>
    public void AssertRefused(int exitCode, string message)
    {
        Assert.Equal(exitCode, ExitCode);
        Assert.Contains(message, Error, StringComparison.Ordinal);
        Assert.Contains(Error.Split('\n'), line => line.StartsWith("curie: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }

    public CommandRun AssertDone()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        return this;
    }
}
