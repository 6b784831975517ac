using System.Text.Json;
using Curie.Numerics;

namespace Curie.Text.Sources;

/// <summary>Tells JSON Lines from plain text by how a stream begins.</summary>
internal static class FirstLine
{
    // A longer first line is no line of documents.
    private const int Longest = 1 << 26;
    private const int Piece = 1 << 12;

    /// <summary>
    /// Whether the first line that is not blank is a whole JSON object with a text in it. Nothing of the stream is used up.
    /// </summary>
    /// <param name="stream">The text.</param>
    /// <param name="column">The property that holds the text.</param>
    /// <param name="origin">How messages name the stream.</param>
    /// <exception cref="InputException">It begins like JSON Lines, whose objects have no such text.</exception>
    public static bool IsOfJsonLines(PeekedStream stream, string column, string origin)
    {
        for (int wanted = Piece; wanted <= Longest; wanted *= 2)
        {
            ReadOnlyMemory<byte> begin = stream.Peek(wanted);
            bool whole = begin.Length < wanted;
            ReadOnlySpan<byte> text = Utf8Text.WithoutMark(begin.Span).TrimStart(" \t\r\n"u8);
            if (text.IsEmpty ? whole : text[0] != '{')
            {
                return false;
            }

            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> next = end < 0 ? [] : text[end..].TrimStart(" \t\r\n"u8);
            if (whole || !next.IsEmpty)
            {
                ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
                return HasText(line.ToArray(), column) switch
                {
                    true => true,
                    false when !next.IsEmpty && next[0] == '{' => throw new InputException(
                        $"{origin} looks like JSON Lines, but its first line has no string \"{column}\"; name the `column` that holds the "
                            + "text, or say that it is one plain document (`format`)."
                    ),
                    _ => false,
                };
            }
        }

        return false;
    }

    /// <summary>Whether a JSON object has a text under a name; null where the line is no JSON object.</summary>
    private static bool? HasText(byte[] line, string column)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.TryGetProperty(column, out JsonElement text) && text.ValueKind == JsonValueKind.String
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
