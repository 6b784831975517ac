using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Text.Sources;

/// <summary>
/// The files of text of a folder and of all folders in it, each one document or JSON Lines, ordered by their path relative to the folder,
/// compared character by character with / between the parts, so that every machine reads them in the same order.
/// </summary>
public sealed class FolderSource : ICorpusSource
{
    private readonly string _folder;
    private readonly string _pattern;
    private readonly TextReading _reading;

    /// <summary>Names the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The set's name; null is the folder's own.</param>
    /// <param name="pattern">Which files, e.g. <c>*.txt</c>; the default is all.</param>
    /// <param name="reading">How text lies in the files; null is <see cref="TextReading"/>'s defaults.</param>
    public FolderSource(string folder, string? name = null, string pattern = "*", TextReading? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = folder;
        _pattern = pattern;
        _reading = reading ?? new TextReading();
        Name = name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    /// <exception cref="InputException">The folder is missing or has no such file, or a file is not UTF-8; the message names file and
    /// byte.</exception>
    public IEnumerable<Document> Read()
    {
        if (!Directory.Exists(_folder))
        {
            throw new InputException($"the folder {_folder} does not exist; check the path.");
        }

        string[] files = SortedFiles(_folder, _pattern);
        if (files.Length == 0)
        {
            throw new InputException($"the folder {_folder} holds no file that matches {_pattern}; name a folder with text files in it.");
        }

        foreach (Document document in files.SelectMany(file => DocumentReader.Read(file, Name, _reading)))
        {
            yield return document;
        }
    }

    internal static string[] SortedFiles(string folder, string pattern)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
                    .OrderBy(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), StringComparer.Ordinal),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot list the folder {folder}: {error.Message} Check that it may be read.", error);
        }
    }

    internal static string ReadText(string file) => InputFile.Read(file, stream =>
        {
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Utf8Text.Decode(bytes, file);
        });
}
