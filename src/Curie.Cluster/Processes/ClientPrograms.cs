using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Curie.Numerics;

namespace Curie.Cluster.Processes;

/// <summary>A scheduler's own programs, each run to its end as a child process, for no longer than a time limit.</summary>
internal sealed record ClientPrograms
{
    private const int LongestError = 500;

    /// <summary>How long a program may take before it is killed.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>What the user can do where they are not installed, to follow a semicolon.</summary>
    public required string Missing { get; init; }

    /// <summary>The folder that holds them; null for the path.</summary>
    public string? Folder { get; init; }

    /// <summary>Variables that they are given beside this process's own.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs one of them.</summary>
    /// <exception cref="InputException">It is not there, cannot be started, or does not answer in time.</exception>
    public ProcessResult Run(string name, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(Folder is null ? name : Path.Combine(Folder, name), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach ((string variable, string value) in Variables)
        {
            start.Environment[variable] = value;
        }

        using Process process = Start(start, name);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Timeout) || !Task.WhenAll(output, error).Wait(Timeout))
        {
            process.Kill(entireProcessTree: true);
            throw new InputException(
                FormattableString.Invariant(
                    $"{name} gave no answer in {Timeout.TotalSeconds:0.#} s; see whether the scheduler is up, and try again."
                )
            );
        }

        return new ProcessResult(process.ExitCode, output.Result, OneLine(error.Result));
    }

    private Process Start(ProcessStartInfo start, string name)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InputException($"{name} is not on this machine, or cannot be started; {Missing}.", error);
        }
    }

    private static string OneLine(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        string visible = string.Concat(line.Where(letter => !char.IsControl(letter)));
        return visible.Length <= LongestError ? visible : $"{visible[..LongestError]}…";
    }
}
