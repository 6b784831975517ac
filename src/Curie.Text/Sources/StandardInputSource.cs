using Curie.Numerics;

namespace Curie.Text.Sources;

/// <summary>Text piped in, compressed or not: one document, or JSON Lines. Can be read once only.</summary>
public sealed class StandardInputSource : ICorpusSource
{
    private const string Origin = "standard input";
    private readonly Stream _stream;
    private readonly TextReading _reading;

    /// <summary>Wraps the stream.</summary>
    /// <param name="stream">Standard input, as bytes.</param>
    /// <param name="reading">How text lies in it; null is <see cref="TextReading"/>'s defaults.</param>
    public StandardInputSource(Stream stream, TextReading? reading = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _reading = reading ?? new TextReading();
    }

    /// <inheritdoc/>
    public string Name => "stdin";

    /// <inheritdoc/>
    /// <exception cref="InputException">Nothing was piped in, or it is malformed.</exception>
    public IEnumerable<Document> Read()
    {
        using PeekedStream text = new(Decompression.Open(new PeekedStream(_stream), Compression.None, Origin));
        if (text.Peek(1).IsEmpty)
        {
            throw new InputException($"{Origin} is empty; pipe text into the command or name a file.");
        }

        foreach (Document document in DocumentReader.Read(text, Origin, Name, _reading))
        {
            yield return document;
        }
    }
}
