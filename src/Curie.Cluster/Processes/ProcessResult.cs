namespace Curie.Cluster.Processes;

/// <summary>What a program that has ended left behind.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error, on one line.</param>
internal sealed record ProcessResult(int ExitCode, string Output, string Error);
