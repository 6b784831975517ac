using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Networks.Files;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Networks.Archives;

/// <summary>JSON beside weights. Every string in it can be read, and no object names a key twice: later readers meet no surprise.</summary>
internal static class ArchiveJson
{
    private const string Advice = "restore the file that came with the model.";

    /// <summary>Reads a file; null where it is JSON of another kind than an object.</summary>
    /// <exception cref="InputException">
    /// It cannot be read, is not JSON in UTF-8, is nested deeper than 64 brackets, holds half a surrogate pair, or names a key twice; the
    /// message says where.
    /// </exception>
    public static JsonObject? Read(ArchiveFile file)
    {
        if (file.Length > Array.MaxLength)
        {
            throw new InputException($"{file.Path} is JSON of {file.Length} bytes, more than is read; name the weights themselves.");
        }

        byte[] bytes = new byte[file.Length];
        file.Read(0, bytes);
        return ForeignContent.Describe(bytes) is string foreign ? throw new InputException($"{file.Path} {foreign}")
            : IsUtf16(bytes) ? throw new InputException($"{file.Path} is text in UTF-16, and JSON is read in UTF-8; save it as UTF-8.")
            : Parse(WithoutMark(bytes), file.Path);
    }

    /// <summary>Parses an object; null where it is JSON of another kind.</summary>
    /// <exception cref="InputException">As above.</exception>
    public static JsonObject? Parse(ReadOnlySpan<byte> utf8, string path)
    {
        try
        {
            Check(utf8, path);
            return JsonNode.Parse(utf8) as JsonObject;
        }
        catch (JsonException error)
        {
            throw new InputException($"{path} {Fault(utf8, error)}; {Advice}", error);
        }
    }

    // JsonNode decodes strings and compares keys when they are first asked for, which would be too late to say what is wrong.
    private static void Check(ReadOnlySpan<byte> utf8, string path)
    {
        Stack<HashSet<string>> open = new();
        Utf8JsonReader reader = new(utf8);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push([]);
                    break;
                case JsonTokenType.EndObject:
                    open.Pop();
                    break;
                case JsonTokenType.PropertyName when Text(reader, utf8, path) is string name && !open.Peek().Add(name):
                    throw new InputException(
                        $"{path} names a key twice, {PrintableText.Of(name)} at line {LineOf(utf8, reader.TokenStartIndex)}; {Advice}"
                    );
                case JsonTokenType.String:
                    Text(reader, utf8, path);
                    break;
                default:
                    break;
            }
        }
    }

    private static string Text(in Utf8JsonReader reader, ReadOnlySpan<byte> utf8, string path)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new InputException(
                $"{path} is not whole JSON in UTF-8: line {LineOf(utf8, reader.TokenStartIndex)} has a string that is no text; {Advice}",
                error
            );
        }
    }

    /// <summary>What is wrong and where, as the rest of a sentence that begins with the file.</summary>
    private static string Fault(ReadOnlySpan<byte> utf8, JsonException error)
    {
        long line = 1 + (error.LineNumber ?? 0);
        int place = (int)Math.Min(utf8.Length, Offset(utf8, error));
        ReadOnlySpan<byte> rest = utf8[place..];
        string? number =
            rest.StartsWith("NaN"u8) ? "NaN"
            : !rest.StartsWith("Infinity"u8) ? null
            : utf8[..place].EndsWith("-"u8) ? "-Infinity"
            : "Infinity";
        if (number is not null)
        {
            return string.Create(CultureInfo.InvariantCulture, $"holds {number} at line {line}, which is no JSON");
        }

        return rest.Trim(" \t\r\n"u8).IsEmpty
            ? string.Create(CultureInfo.InvariantCulture, $"is not whole JSON in UTF-8: it ends within line {line}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"is not whole JSON in UTF-8: line {line} is none at its byte {1 + (error.BytePositionInLine ?? 0)}"
            );
    }

    private static long Offset(ReadOnlySpan<byte> utf8, JsonException error)
    {
        int start = 0;
        for (long line = error.LineNumber ?? 0; line > 0; line--)
        {
            start += utf8[start..].IndexOf((byte)'\n') + 1;
        }

        return start + (error.BytePositionInLine ?? 0);
    }

    private static string LineOf(ReadOnlySpan<byte> utf8, long place) =>
        (1 + utf8[..(int)place].Count((byte)'\n')).ToString(CultureInfo.InvariantCulture);

    private static bool IsUtf16(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 1 && (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || bytes[0] == 0 != (bytes[1] == 0));

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? bytes[3..] : bytes;
}
