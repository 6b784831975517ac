using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Numerics;

namespace Curie.Networks.Archives;

/// <summary>JSON beside weights. Every string in it can be read, and no object names a key twice: later readers meet no surprise.</summary>
internal static class ArchiveJson
{
    /// <summary>Reads a file; null where it is JSON of another kind than an object.</summary>
    /// <exception cref="InputException">
    /// It cannot be read, is not JSON in UTF-8, is nested deeper than 64 brackets, holds half a surrogate pair, or names a key twice.
    /// </exception>
    public static JsonObject? Read(ArchiveFile file)
    {
        if (file.Length > Array.MaxLength)
        {
            throw new InputException($"{file.Path} is JSON of {file.Length} bytes, more than is read; name the weights themselves.");
        }

        byte[] bytes = new byte[file.Length];
        file.Read(0, bytes);
        return ForeignContent.Describe(bytes) is string foreign
            ? throw new InputException($"{file.Path} {foreign}")
            : Parse(WithoutMark(bytes), file.Path);
    }

    /// <summary>Parses an object; null where it is JSON of another kind.</summary>
    /// <exception cref="InputException">As above.</exception>
    public static JsonObject? Parse(ReadOnlySpan<byte> utf8, string path)
    {
        try
        {
            Check(utf8);
            return JsonNode.Parse(utf8) as JsonObject;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new InputException(
                $"{path} is not whole JSON in UTF-8, or names a key twice; restore the file that came with the model.",
                error
            );
        }
    }

    // JsonNode decodes strings and compares keys when they are first asked for, which would be too late to say what is wrong.
    private static void Check(ReadOnlySpan<byte> utf8)
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
                case JsonTokenType.PropertyName when !open.Peek().Add(reader.GetString()!):
                    throw new JsonException();
                case JsonTokenType.String:
                    reader.GetString();
                    break;
                default:
                    break;
            }
        }
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? bytes[3..] : bytes;
}
