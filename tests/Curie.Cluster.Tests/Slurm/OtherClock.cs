namespace Curie.Cluster.Tests.Slurm;

/// <summary>A node whose tasks are told another time than others: libfaketime answers in the kernel's place.</summary>
internal static class OtherClock
{
    /// <summary>The library; null where it is not installed.</summary>
    public static string? Library { get; } =
        Directory
            .GetDirectories("/usr/lib")
            .Append("/usr/lib")
            .Select(folder => Path.Combine(folder, "faketime", "libfaketime.so.1"))
            .FirstOrDefault(File.Exists);

    /// <summary>
    /// What the shell of every task reads first, as BASH_ENV says: a function in place of a program, which starts it on one node with a
    /// clock that is an hour slow. Slurm's own programs, and the shell, have the right one: they refuse clocks that differ.
    /// </summary>
    public static string Profile(string program, string node) =>
        $$"""
            function {{program}} {
              [ "$SLURMD_NODENAME" != {{node}} ] || export LD_PRELOAD={{Library}} FAKETIME=-1h FAKETIME_DONT_FAKE_MONOTONIC=1
              exec {{program}} "$@"
            }

            """;
}
