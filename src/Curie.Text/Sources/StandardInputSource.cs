using Curie.Numerics;

namespace Curie.Text.Sources;

/// <summary>Text piped in: one document, or JSON Lines. Can be read once only.</summary>
public sealed class StandardInputSource : ICorpusSource
{
    private readonly Stream _stream;
    private readonly bool _jsonLines;
    private readonly string _column;

    /// <summary>Wraps the stream.</summary>
    /// <param name="stream">Standard input, as bytes.</param>
    /// <param name="jsonLines">True for JSON Lines in the Pile's schema, false for one document. Default false.</param>
    /// <param name="column">The property that holds the text in JSON Lines. Default <c>text</c>.</param>
    public StandardInputSource(Stream stream, bool jsonLines = false, string column = JsonLines.DefaultColumn)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _jsonLines = jsonLines;
        _column = column;
    }

    /// <inheritdoc/>
    public string Name => "stdin";

    /// <inheritdoc/>
    /// <exception cref="InputException">Nothing was piped in, or it is malformed.</exception>
    public IEnumerable<Document> Read()
    {
        bool any = false;
        foreach (Document document in _jsonLines ? JsonLines.Read(_stream, _column, Name, "standard input") : Whole())
        {
            any = true;
            yield return document;
        }

        if (!any)
        {
            throw new InputException("standard input is empty; pipe text into the command or name a file.");
        }
    }

    private IEnumerable<Document> Whole()
    {
        using MemoryStream bytes = new();
        _stream.CopyTo(bytes);
        if (bytes.Length > 0)
        {
            yield return new Document(Utf8Text.Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), "standard input"), Name);
        }
    }
}
