using Curie.Networks.Models;
using Curie.Numerics;
using Curie.Numerics.Files;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Studies.Folders;

/// <summary>The files that are read where files and folders are named, so that none of them is written over.</summary>
internal static class InputFiles
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    /// <summary>The full paths, without links, of all files that are read; what is not there is left out.</summary>
    /// <param name="inputs">
    /// Files; models and runs, which are folders with more in them than is read, runs with the model and the rows that they name; folders
    /// of which all is read; patterns of such folders.
    /// </param>
    public static HashSet<string> Of(IEnumerable<string> inputs) => new(inputs.SelectMany(Expand).Select(OutputPlace.Real), Comparer);

    /// <summary>How paths are compared: as the file systems that the system usually has do.</summary>
    public static StringComparer Comparer { get; } = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    private static IEnumerable<string> Expand(string input) =>
        File.Exists(input) ? [input]
        : Directory.Exists(input) ? InFolder(input)
        : Matching(input).SelectMany(InFolder);

    private static IEnumerable<string> InFolder(string folder) =>
        RunFolder.Holds(folder) ? FilesOf(folder).Concat(Named(folder).SelectMany(Expand)) : FilesOf(folder);

    private static IEnumerable<string> FilesOf(string folder) =>
        OutputFolder.FilesOfRun(folder) is { } files ? files.Concat(RunFiles.Names.Select(name => Path.Combine(folder, name)))
        : CheckpointSelection.IsModel(folder) ? Directory.EnumerateFiles(folder).Where(file => ModelFolder.IsPart(Path.GetFileName(file)))
        : Directory.EnumerateFiles(folder, "*", Everything);

    /// <summary>The model and the rows that a run's manifest names; none of another manifest, or of a damaged one.</summary>
    private static string[] Named(string folder)
    {
        try
        {
            RunSources sources = RunSources.Of(RunFolder.ReadManifest(folder));
            return [.. new[] { sources.Model, sources.Data }.OfType<string>(), .. sources.Probes.Values];
        }
        catch (InputException)
        {
            return [];
        }
    }

    private static string[] Matching(string pattern)
    {
        string name = Path.GetFileName(pattern);
        string parent = Path.GetDirectoryName(pattern) is { Length: > 0 } folder ? folder : ".";
        return name.AsSpan().IndexOfAny('*', '?') >= 0 && Directory.Exists(parent) ? Directory.GetDirectories(parent, name) : [];
    }
}
