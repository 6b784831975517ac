using System.Text.Json;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Text.Sources;

/// <summary>Reads token ids from a file with a JSON array of them on every line, as they are printed.</summary>
public static class TokenLines
{
    /// <summary>The ids of every line that is not blank.</summary>
    /// <exception cref="InputException">The file is missing, or a line is no JSON array of whole numbers; the message names the
    /// line.</exception>
    public static IEnumerable<int[]> Read(string path)
    {
        using Stream stream = InputFile.Open(path);
        foreach (int[] ids in Read(stream, path))
        {
            yield return ids;
        }
    }

    /// <summary>The ids of every line of a stream.</summary>
    /// <param name="stream">UTF-8.</param>
    /// <param name="origin">How messages name it.</param>
    /// <exception cref="InputException">A line is no JSON array of whole numbers; the message names the line.</exception>
    public static IEnumerable<int[]> Read(Stream stream, string origin)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long line = 0;
        foreach (ReadOnlyMemory<byte> bytes in ByteLines.Read(stream))
        {
            line++;
            ReadOnlyMemory<byte> json = line == 1 ? bytes[(bytes.Length - Utf8Text.WithoutMark(bytes.Span).Length)..] : bytes;
            if (!json.Span.Trim(" \t\r"u8).IsEmpty)
            {
                yield return Parse(json, $"{origin}, line {line}");
            }
        }
    }

    private static int[] Parse(ReadOnlyMemory<byte> json, string place)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            List<int> ids = [];
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                throw new InputException(Bad(place));
            }

            foreach (JsonElement id in document.RootElement.EnumerateArray())
            {
                ids.Add(
                    id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int value) ? value : throw new InputException(Bad(place))
                );
            }

            return [.. ids];
        }
        catch (JsonException error)
        {
            throw new InputException(Bad(place), error);
        }
    }

    private static string Bad(string place) => $"{place} is not a JSON array of token ids; every line must be one, like [464, 318].";
}
