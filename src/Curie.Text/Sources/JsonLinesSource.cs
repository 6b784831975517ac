using Curie.Numerics;

namespace Curie.Text.Sources;

/// <summary>A JSON Lines file in the Pile's schema, compressed or not; one document a line, blank lines skipped.</summary>
public sealed class JsonLinesSource : ICorpusSource
{
    private readonly string _path;
    private readonly string _column;

    /// <summary>Names the file.</summary>
    /// <param name="path">A JSON Lines file; compressed with gzip or Zstandard if its name or its content says so.</param>
    /// <param name="name">The set's name; null is the file's name up to its first dot.</param>
    /// <param name="column">The property that holds the text. Default <c>text</c>.</param>
    public JsonLinesSource(string path, string? name = null, string column = JsonLines.DefaultColumn)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _column = column;
        Name = name ?? Path.GetFileName(path).Split('.', 2)[0];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    /// <exception cref="InputException">The file is missing, damaged, or has a bad line, which the message names.</exception>
    public IEnumerable<Document> Read() =>
        DocumentReader.Read(_path, Name, new TextReading { Format = TextFormat.JsonLines, Column = _column });
}
