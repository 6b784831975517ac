using System.Text.Json;
using Curie.Numerics;

namespace Curie.Text.Sources;

/// <summary>Reads documents from JSON Lines in the Pile's schema: <c>{"text": "...", "meta": {"pile_set_name": "..."}}</c>.</summary>
internal static class JsonLines
{
    /// <summary>The column that holds the text where none is named.</summary>
    public const string DefaultColumn = "text";

    /// <summary>One document per line that is not blank.</summary>
    /// <param name="stream">UTF-8, with or without a byte-order mark.</param>
    /// <param name="reading">Which property holds the text, and what is done with a bad line.</param>
    /// <param name="name">The source of documents that do not name theirs.</param>
    /// <param name="origin">How messages name the stream.</param>
    /// <exception cref="InputException">A line is not a JSON object or its text is missing or not a string; the message names the
    /// line.</exception>
    public static IEnumerable<Document> Read(Stream stream, TextReading reading, string name, string origin)
    {
        long line = 0;
        foreach (ReadOnlyMemory<byte> bytes in ByteLines.Read(stream))
        {
            line++;
            ReadOnlyMemory<byte> json = line == 1 ? bytes[(bytes.Length - Utf8Text.WithoutMark(bytes.Span).Length)..] : bytes;
            if (!json.Span.Trim(" \t\r"u8).IsEmpty && Parse(json, reading, name, $"{origin}, line {line}") is { } document)
            {
                yield return document;
            }
        }
    }

    /// <summary>The document of a line; null where a bad one is left out.</summary>
    private static Document? Parse(ReadOnlyMemory<byte> json, TextReading reading, string name, string place)
    {
        try
        {
            return Parse(json, reading.Column, name, place);
        }
        catch (InputException error) when (reading.LeaveOut is not null)
        {
            reading.LeaveOut(error);
            return null;
        }
    }

    private static Document Parse(ReadOnlyMemory<byte> json, string column, string name, string place)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new InputException($"{place} is not a JSON object; every line must be one, like {{\"{column}\": \"...\"}}.");
            }

            if (!root.TryGetProperty(column, out JsonElement text) || text.ValueKind != JsonValueKind.String)
            {
                throw new InputException($"{place} has no string \"{column}\"; name the `column` that holds the text.");
            }

            return new Document(text.GetString()!, SetName(root) ?? name);
        }
        catch (JsonException error)
        {
            throw new InputException(
                $"{place} is not valid JSON (near byte {error.BytePositionInLine}); every line must be one complete JSON object.",
                error
            );
        }
        catch (InvalidOperationException error)
        {
            throw new InputException(
                $"{place} holds text that is not valid Unicode; re-encode the file as UTF-8 without lone surrogates.",
                error
            );
        }
    }

    private static string? SetName(JsonElement root) =>
        root.TryGetProperty("meta", out JsonElement meta)
        && meta.ValueKind == JsonValueKind.Object
        && meta.TryGetProperty("pile_set_name", out JsonElement set)
        && set.ValueKind == JsonValueKind.String
            ? set.GetString()
            : null;
}
