using Curie.Numerics;
using Curie.Numerics.Files;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Curie.Text.Sources;

/// <summary>
/// The files of a folder and of all folders in it, ordered by their path relative to it, compared character by character with / between the
/// parts, so that every machine reads them in the same order. A file that is reached by several paths, by links or names of its own, stands
/// there once, under the first; a folder that leads back into itself is entered once.
/// </summary>
internal static class FolderFiles
{
    /// <summary>How names begin of the files by which Curie keeps a folder that it writes: they are no text.</summary>
    private const string KeptBy = ".curie-";

    private static readonly EnumerationOptions Here = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The files' paths.</summary>
    /// <param name="folder">The folder, which is there.</param>
    /// <param name="reading">Which files.</param>
    /// <exception cref="InputException">A folder cannot be listed, or a pattern is not understood.</exception>
    public static string[] List(string folder, TextReading reading)
    {
        HashSet<string> chosen = Chosen(folder, reading);
        HashSet<string> seen = [];
        return
        [
            .. All(folder)
                .Where(file => chosen.Contains(file.Relative))
                .OrderBy(file => file.Relative, StringComparer.Ordinal)
                .Where(file => seen.Add(FileIdentity.Of(file.Path)))
                .Select(file => file.Path),
        ];
    }

    private static HashSet<string> Chosen(string folder, TextReading reading)
    {
        IEnumerable<string> all = All(folder).Select(file => file.Relative);
        if (reading.Include.Count + reading.Exclude.Count == 0)
        {
            return [.. all];
        }

        if (reading.Include.Concat(reading.Exclude).FirstOrDefault(pattern => pattern.Contains('?')) is { } unknown)
        {
            throw new InputException($"the pattern {unknown} has a ?, which is not understood; write * in its place.");
        }

        Matcher matcher = new(StringComparison.Ordinal);
        matcher.AddIncludePatterns(reading.Include.Count == 0 ? ["**/*"] : reading.Include.SelectMany(Anywhere));
        matcher.AddExcludePatterns(reading.Exclude.SelectMany(Anywhere));
        return [.. matcher.Match(all).Files.Select(file => file.Path)];
    }

    /// <summary>A pattern without a / is meant at any depth, and with all that is in a folder of the name.</summary>
    private static string[] Anywhere(string pattern)
    {
        string plain = pattern.Replace('\\', '/');
        return plain.TrimEnd('/').Contains('/') ? [plain] : [$"**/{plain.TrimEnd('/')}", $"**/{plain.TrimEnd('/')}/**"];
    }

    private static List<(string Path, string Relative)> All(string folder)
    {
        List<(string Path, string Relative)> files = [];
        try
        {
            Walk(new DirectoryInfo(folder), "", [], (path, relative) => files.Add((Path.Combine(folder, path), relative)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot list the folder {folder}: {error.Message} Check that it may be read.", error);
        }

        return files;
    }

    /// <summary>Visits a folder and those in it, in whose path of folders none may stand twice.</summary>
    private static void Walk(DirectoryInfo folder, string relative, HashSet<string> above, Action<string, string> visit)
    {
        string identity = FileIdentity.Of(folder.FullName);
        if (!above.Add(identity))
        {
            return;
        }

        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos("*", Here))
        {
            string name = relative.Length == 0 ? entry.Name : $"{relative}/{entry.Name}";
            if (entry is DirectoryInfo inner)
            {
                Walk(inner, name, above, visit);
            }
            else if (!entry.Name.StartsWith(KeptBy, StringComparison.Ordinal))
            {
                visit(name.Replace('/', Path.DirectorySeparatorChar), name);
            }
        }

        above.Remove(identity);
    }
}
