using System.IO.Compression;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Text.Sources;

/// <summary>
/// A JSON Lines file in the Pile's schema, gzip-compressed where its name ends in <c>.gz</c>; one document a line, blank lines skipped.
/// </summary>
public sealed class JsonLinesSource : ICorpusSource
{
    private readonly string _path;
    private readonly string _column;

    /// <summary>Names the file.</summary>
    /// <param name="path">A <c>.jsonl</c> or <c>.jsonl.gz</c> file.</param>
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
    public IEnumerable<Document> Read()
    {
        using Stream file = InputFile.Open(_path);
        using Stream stream = _path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        using IEnumerator<Document> documents = JsonLines.Read(stream, _column, Name, _path).GetEnumerator();
        while (Advance(documents))
        {
            yield return documents.Current;
        }
    }

    private bool Advance(IEnumerator<Document> documents)
    {
        try
        {
            return documents.MoveNext();
        }
        catch (InvalidDataException error)
        {
            throw new InputException($"{_path} is not a whole gzip file; fetch or compress it again.", error);
        }
        catch (IOException error)
        {
            throw new InputException($"cannot read {_path}: {error.Message} Check that its disk is well.", error);
        }
    }
}
