using System.Diagnostics;
using Curie.Cli.Invocation;
using Curie.Tests;

namespace Curie.Cli.Tests;

/// <summary>A script of examples, run by bash with the program that these tests are built with.</summary>
internal static class ExampleScript
{
    /// <summary>Runs it to its end, which must be a good one, and returns what it printed.</summary>
    /// <param name="script">The script, by its path in the folder of examples.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="sizes">The variables that make it small.</param>
    public static string Run(string script, string[] arguments, params (string Name, string Value)[] sizes)
    {
        ProcessStartInfo start = new("bash", [RepositoryFiles.Of(Path.Combine("examples", script)), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        start.Environment["CURIE"] = $"{host} {typeof(CurieCommandLine).Assembly.Location}";
        foreach ((string name, string value) in sizes)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{script}: exit code {process.ExitCode}: {error.Result}");
        return output;
    }

    /// <summary>Copies files of the repository that match a pattern, as text of one kind.</summary>
    public static void CopyText(string from, string pattern, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(RepositoryFiles.Of(from), pattern))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
