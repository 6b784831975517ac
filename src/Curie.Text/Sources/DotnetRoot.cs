using System.Runtime.InteropServices;
using Curie.Numerics;

namespace Curie.Text.Sources;

/// <summary>Finds the .NET installation whose files serve as text, and the newest version of what is in it.</summary>
internal static class DotnetRoot
{
    /// <summary>
    /// The first of these that has the folder: the installation that runs this program, <c>DOTNET_ROOT</c>, the <c>dotnet</c> on the PATH.
    /// </summary>
    /// <param name="folder"><c>packs</c> or <c>sdk</c>.</param>
    /// <param name="component">What brings the folder, for the message.</param>
    /// <exception cref="InputException">None has it.</exception>
    public static string Find(string folder, string component)
    {
        string[] roots = [.. Candidates().Where(root => root.Length > 0).Distinct()];
        return roots.FirstOrDefault(root => Directory.Exists(Path.Combine(root, folder))) ?? throw Missing(folder, component, roots);
    }

    /// <summary>That an installation lacks a folder, in one sentence.</summary>
    public static InputException Missing(string folder, string component, params IEnumerable<string> roots) =>
        new(
            $"the {folder} folder of a .NET SDK was not found in {string.Join(" or ", roots)}; install the .NET SDK, whose {component} "
                + "holds it, or set DOTNET_ROOT to an SDK."
        );

    /// <summary>The subfolder with the highest version number in its name; null if none has one.</summary>
    public static string? Newest(string folder) =>
        Directory
            .EnumerateDirectories(folder)
            .Select(path => (Path: path, Version: VersionOf(Path.GetFileName(path))))
            .Where(entry => entry.Version is not null)
            .OrderBy(entry => entry.Version)
            .ThenBy(entry => entry.Path.Length)
            .ThenBy(entry => entry.Path, StringComparer.Ordinal)
            .Select(entry => entry.Path)
            .LastOrDefault();

    /// <summary>The number in <c>10.0.12</c>, <c>10.0.100-preview.3</c>, <c>net10.0</c> or <c>netstandard2.1</c>.</summary>
    private static Version? VersionOf(string name) =>
        Version.TryParse(name.Split('-')[0].TrimStart([.. "abcdefghijklmnopqrstuvwxyz"]), out Version? version) ? version : null;

    private static IEnumerable<string> Candidates()
    {
        yield return Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        yield return Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "";
        string program = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            FileInfo file = new(Path.Combine(folder, program));
            if (folder.Length > 0 && file.Exists)
            {
                yield return (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file).DirectoryName ?? "";
            }
        }
    }
}
