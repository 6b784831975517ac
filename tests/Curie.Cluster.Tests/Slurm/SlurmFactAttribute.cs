using System.Diagnostics;

namespace Curie.Cluster.Tests.Slurm;

/// <summary>
/// A test on a real Slurm. Where none can be started it is reported as skipped, unless CURIE_REQUIRE_SLURM is 1: then it runs, and fails.
/// One that takes long is skipped unless CURIE_LONG is 1; .ci/long sets it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlurmFactAttribute : FactAttribute
{
    private const string Required = "CURIE_REQUIRE_SLURM";
    private static readonly string[] Programs = ["slurmctld", "slurmd", "sbatch", "munged", "unshare"];
    private static readonly Lazy<string?> Missing = new(FindMissing);

    /// <param name="isLong">Whether it takes long.</param>
    /// <param name="needsOtherClock">Whether it is skipped where there is no <see cref="OtherClock"/>.</param>
    public SlurmFactAttribute(bool isLong = false, bool needsOtherClock = false)
    {
        if (isLong && Environment.GetEnvironmentVariable("CURIE_LONG") != "1")
        {
            Skip = "it takes long; .ci/long runs it";
        }
        else if (needsOtherClock && OtherClock.Library is null)
        {
            Skip = "libfaketime was not found; install faketime";
        }
        else if (Environment.GetEnvironmentVariable(Required) != "1" && Missing.Value is { } missing)
        {
            Skip = missing;
        }
    }

    private static string? FindMissing() =>
        !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess ? "a cluster is started by root, on Linux"
        : Array.Find(Programs, program => !IsThere(program)) is { } missing ? $"{missing} was not found; install slurm-wlm and munge"
        : !CanUnshare() ? "this machine lets no namespace of processes be made"
        : null;

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static bool CanUnshare()
    {
        using Process process = Process.Start("unshare", ["--pid", "--fork", "--mount-proc", "true"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
