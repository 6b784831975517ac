using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Curie.Cluster.Processes;

/// <summary>Asking a child process to stop, which .NET itself can only kill.</summary>
internal static partial class Signals
{
    private const int Term = 15;

    /// <summary>Sends SIGTERM. Where there is no such signal, on Windows, the process is killed: what it had saved is there.</summary>
    public static void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
        }
        else if (!process.HasExited)
        {
            // Whether it is still there is not known before: if not, there is nobody to tell.
            _ = Kill(process.Id, Term);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
