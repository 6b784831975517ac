namespace Curie.Text.Sources;

/// <summary>A text file in UTF-8, one document.</summary>
public sealed class TextFileSource : ICorpusSource
{
    private readonly string _path;

    /// <summary>Names the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The set's name; null is the file's name up to its first dot.</param>
    public TextFileSource(string path, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        Name = name ?? Path.GetFileName(path).Split('.', 2)[0];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    /// <exception cref="Numerics.InputException">The file is missing or is not UTF-8; the message names file and byte.</exception>
    public IEnumerable<Document> Read()
    {
        yield return new Document(FolderSource.ReadText(_path), Name);
    }
}
