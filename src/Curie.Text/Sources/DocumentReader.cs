using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Text.Sources;

/// <summary>The documents of a file or a stream, compressed or not, of either format.</summary>
internal static class DocumentReader
{
    private const int LongestDocument = 1 << 30;
    private const int PieceBytes = 1 << 16;
    private static readonly string[] LineExtensions = [".jsonl", ".ndjson", ".jl"];

    /// <summary>The documents of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The source of documents that do not name theirs.</param>
    /// <param name="reading">How text lies in it.</param>
    /// <exception cref="InputException">The file is missing, damaged, not UTF-8, or has a bad line; the message says where.</exception>
    public static IEnumerable<Document> Read(string path, string name, TextReading reading) =>
        reading.LeaveOut is { } leaveOut ? WhatCanBeRead(Open(path, name, reading), leaveOut) : Open(path, name, reading);

    /// <summary>The documents up to the first that cannot be read.</summary>
    private static IEnumerable<Document> WhatCanBeRead(IEnumerable<Document> documents, Action<InputException> leaveOut)
    {
        using IEnumerator<Document> reader = documents.GetEnumerator();
        while (true)
        {
            try
            {
                if (!reader.MoveNext())
                {
                    yield break;
                }
            }
            catch (InputException error)
            {
                leaveOut(error);
                yield break;
            }

            yield return reader.Current;
        }
    }

    private static IEnumerable<Document> Open(string path, string name, TextReading reading)
    {
        using Stream file = InputFile.Open(path);
        Compression named = Decompression.Named(path);
        bool lines =
            reading.Format == TextFormat.Detected && IsNamedLines(named == Compression.None ? path : path[..path.LastIndexOf('.')]);
        TextReading how = lines ? reading with { Format = TextFormat.JsonLines } : reading;
        using PeekedStream peeked = new(Decompression.Open(new PeekedStream(file), named, path));
        foreach (Document document in Read(peeked, path, name, how))
        {
            yield return document;
        }
    }

    /// <summary>The documents of a stream.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="origin">How messages name it.</param>
    /// <param name="name">The source of documents that do not name theirs.</param>
    /// <param name="reading">How text lies in it.</param>
    /// <exception cref="InputException">As of a file.</exception>
    public static IEnumerable<Document> Read(PeekedStream stream, string origin, string name, TextReading reading)
    {
        bool lines =
            reading.Format == TextFormat.JsonLines
            || (reading.Format == TextFormat.Detected && FirstLine.IsOfJsonLines(stream, reading.Column, origin));
        return lines ? JsonLines.Read(stream, reading, name, origin) : [new Document(Whole(stream, origin), name)];
    }

    private static bool IsNamedLines(string path) => LineExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static string Whole(Stream stream, string origin)
    {
        using MemoryStream bytes = new();
        byte[] piece = new byte[PieceBytes];
        for (int got = stream.Read(piece); got > 0; got = stream.Read(piece))
        {
            bytes.Write(piece, 0, got);
            if (bytes.Length > LongestDocument)
            {
                throw new InputException(
                    $"{origin} is one document of more than 1 GB; cut it into documents, such as the lines of a .jsonl file."
                );
            }
        }

        return Utf8Text.Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), origin);
    }
}
