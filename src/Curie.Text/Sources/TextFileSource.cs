namespace Curie.Text.Sources;

/// <summary>A file of text in UTF-8, compressed with gzip or Zstandard or not: one document, or JSON Lines.</summary>
public sealed class TextFileSource : ICorpusSource
{
    private readonly string _path;
    private readonly TextReading _reading;

    /// <summary>Names the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The set's name; null is the file's name up to its first dot.</param>
    /// <param name="reading">How text lies in it; null is <see cref="TextReading"/>'s defaults.</param>
    public TextFileSource(string path, string? name = null, TextReading? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _reading = reading ?? new TextReading();
        Name = name ?? Path.GetFileName(path).Split('.', 2)[0];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    /// <exception cref="Numerics.InputException">The file is missing, damaged, not UTF-8, or has a bad line; the message says
    /// where.</exception>
    public IEnumerable<Document> Read() => DocumentReader.Read(_path, Name, _reading);
}
