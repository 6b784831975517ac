using System.Diagnostics;
using Curie.Cli.Invocation;

namespace Curie.Cli.Tests;

/// <summary>The built program as a process of its own, which can have a working folder.</summary>
internal static class BuiltProgram
{
    /// <summary>Starts it; what it writes to standard error is the caller's to read.</summary>
    public static Process Start(params IEnumerable<string> arguments) => Process.Start(Command(arguments))!;

    /// <summary>Starts it with further environment variables.</summary>
    public static Process Start(IEnumerable<string> arguments, params ReadOnlySpan<(string Name, string Value)> variables) =>
        Process.Start(WithVariables(Command(arguments), variables))!;

    /// <summary>Runs it in a folder to its end.</summary>
    public static CommandRun Run(string folder, params IEnumerable<string> arguments) => Run(folder, arguments, []);

    /// <summary>Runs it in a folder to its end, with further environment variables.</summary>
    public static CommandRun Run(string folder, IEnumerable<string> arguments, params ReadOnlySpan<(string Name, string Value)> variables)
    {
        ProcessStartInfo command = WithVariables(Command(arguments), variables);
        command.WorkingDirectory = folder;
        command.RedirectStandardOutput = true;
        using Process process = Process.Start(command)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandRun(process.ExitCode, output, error.Result);
    }

    /// <summary>Starts it in a folder by bash, which knows <c>&lt;(…)</c>.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="before">What stands before the program, such as <c>cat file | </c>.</param>
    /// <param name="arguments">Its arguments as bash reads them.</param>
    public static Process Shell(string folder, string before, string arguments)
    {
        ProcessStartInfo command = Command([]);
        string program = $"'{command.FileName}' '{command.ArgumentList[0]}'";
        return Process.Start(
            new ProcessStartInfo("bash", ["-c", $"{before}{program} {arguments}"])
            {
                WorkingDirectory = folder,
                RedirectStandardError = true,
            }
        )!;
    }

    private static ProcessStartInfo WithVariables(ProcessStartInfo command, ReadOnlySpan<(string Name, string Value)> variables)
    {
        foreach ((string name, string value) in variables)
        {
            command.Environment[name] = value;
        }

        return command;
    }

    private static ProcessStartInfo Command(IEnumerable<string> arguments) =>
        new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(CurieCommandLine).Assembly.Location, .. arguments])
        {
            RedirectStandardError = true,
        };
}
