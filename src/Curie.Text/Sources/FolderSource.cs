using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Text.Sources;

/// <summary>
/// The files of text of a folder and of all folders in it, each one document or JSON Lines, ordered by their path relative to the folder,
/// compared character by character with / between the parts, so that every machine reads them in the same order. A file that is reached by
/// several paths is read once.
/// </summary>
public sealed class FolderSource : ICorpusSource
{
    private readonly string _folder;
    private readonly TextReading _reading;

    /// <summary>Names the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The set's name; null is the folder's own.</param>
    /// <param name="reading">Which files, and how text lies in them; null is <see cref="TextReading"/>'s defaults.</param>
    public FolderSource(string folder, string? name = null, TextReading? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = folder;
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

        string[] files = FolderFiles.List(_folder, _reading);
        if (files.Length == 0)
        {
            throw new InputException(
                _reading.Include.Count + _reading.Exclude.Count == 0
                    ? $"the folder {_folder} holds no file; name a folder with text files in it."
                    : $"the folder {_folder} holds no file that is included and not excluded; name others, or check `include` and "
                        + "`exclude`."
            );
        }

        foreach (Document document in files.SelectMany(file => DocumentReader.Read(file, Name, _reading)))
        {
            yield return document;
        }
    }

    internal static string ReadText(string file) => InputFile.Read(file, stream =>
        {
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Utf8Text.Decode(bytes, file);
        });
}
