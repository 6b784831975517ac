using System.Diagnostics;

namespace Curie.Cluster.Tests.Studies;

/// <summary>Curie itself, as it was built with these tests.</summary>
internal static class CurieProgram
{
    /// <summary>The program, for dotnet to start.</summary>
    public static readonly string File = Path.Combine(AppContext.BaseDirectory, "curie.dll");

    /// <summary>Starts it in a folder.</summary>
    public static Process Start(string folder, IReadOnlyDictionary<string, string> variables, IEnumerable<string> arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo command = new(host, [File, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables)
        {
            command.Environment[name] = value;
        }

        return Process.Start(command)!;
    }

    /// <summary>What a process has written, once it has ended with the exit code that is meant.</summary>
    public static string End(Process process, int code)
    {
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == code, $"exit code {process.ExitCode}: {error.Result} {output}");
        Assert.DoesNotContain("   at ", error.Result, StringComparison.Ordinal);
        return code == 0 ? output : error.Result;
    }
}
