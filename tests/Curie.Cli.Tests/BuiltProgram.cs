using System.Diagnostics;
using Curie.Cli.Invocation;

namespace Curie.Cli.Tests;

/// <summary>The built program as a process of its own, which can have a working folder.</summary>
internal static class BuiltProgram
{
    /// <summary>Starts it; what it writes to standard error is the caller's to read.</summary>
    public static Process Start(params IEnumerable<string> arguments) => Process.Start(Command(arguments))!;

    /// <summary>Runs it in a folder to its end.</summary>
    public static CommandRun Run(string folder, params IEnumerable<string> arguments)
    {
        ProcessStartInfo command = Command(arguments);
        command.WorkingDirectory = folder;
        command.RedirectStandardOutput = true;
        using Process process = Process.Start(command)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandRun(process.ExitCode, output, error.Result);
    }

    private static ProcessStartInfo Command(IEnumerable<string> arguments) =>
        new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(CurieCommandLine).Assembly.Location, .. arguments])
        {
            RedirectStandardError = true,
        };
}
