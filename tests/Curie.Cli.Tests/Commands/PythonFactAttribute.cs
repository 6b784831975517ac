using System.ComponentModel;
using System.Diagnostics;

namespace Curie.Cli.Tests.Commands;

/// <summary>
/// A test in Python. Without a Python 3 that has numpy it is reported as skipped, unless CURIE_REQUIRE_PYTHON is 1: then it runs, and
/// fails.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    private const string Required = "CURIE_REQUIRE_PYTHON";
    private static readonly Lazy<string?> Found = new(() => Array.Find(["/usr/bin/python3", "python3"], HasNumpy));

    public PythonFactAttribute()
    {
        if (Environment.GetEnvironmentVariable(Required) != "1" && Python is null)
        {
            Skip = Missing;
        }
    }

    /// <summary>What is missing where <see cref="Python"/> is null.</summary>
    internal const string Missing = "no python3 with numpy was found; install numpy, on Debian the package python3-numpy";

    /// <summary>The interpreter: the system's, or the first on the path; null if neither has numpy.</summary>
    internal static string? Python => Found.Value;

    private static bool HasNumpy(string python)
    {
        try
        {
            ProcessStartInfo start = new(python, ["-c", "import numpy"]) { RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
