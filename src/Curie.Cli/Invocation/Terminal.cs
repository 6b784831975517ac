namespace Curie.Cli.Invocation;

/// <summary>Where a command reads and writes; a test gives its own.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Errors and progress.</param>
/// <param name="Input">What is piped in.</param>
/// <param name="IsInteractive">Whether <paramref name="Error"/> is a screen on which progress can be redrawn.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, Func<Stream> Input, bool IsInteractive)
{
    /// <summary>The process's own streams.</summary>
    public static Terminal OfProcess() => new(Console.Out, Console.Error, Console.OpenStandardInput, !Console.IsErrorRedirected);
}
