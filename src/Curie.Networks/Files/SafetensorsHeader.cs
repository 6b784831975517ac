using System.Text.Json;
using Curie.Numerics;

namespace Curie.Networks.Files;

/// <summary>
/// The JSON header of a safetensors file, believed only as far as it agrees with itself and with the file's length.
/// Source: the format's own description, github.com/huggingface/safetensors.
/// </summary>
internal sealed class SafetensorsHeader
{
    private const string MetadataName = "__metadata__";
    private readonly string _path;
    private readonly Dictionary<string, SafetensorsEntry> _entries = [];
    private readonly Dictionary<string, string> _metadata = [];

    private SafetensorsHeader(string path) => _path = path;

    /// <summary>The tensors in the header's order.</summary>
    public IReadOnlyCollection<SafetensorsEntry> Entries => _entries.Values;

    /// <summary>The free-text metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Parses and checks a header.</summary>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataBytes">The bytes that follow it in the file.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InputException">
    /// Not JSON, not an object of tensors, a name twice, an unknown type, a size that is not shape × type, or offsets that do not cover
    /// the data exactly once.
    /// </exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataBytes, string path)
    {
        SafetensorsHeader header = new(path);
        try
        {
            header.ParseTensors(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new InputException(
                $"{path} has a header that is not the JSON of a safetensors file; write or copy the file again.",
                error
            );
        }

        header.RequireCover(dataBytes);
        return header;
    }

    private void ParseTensors(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == MetadataName && reader.TokenType == JsonTokenType.Null)
            {
                // The reference implementation writes and takes null for no metadata.
                continue;
            }

            Require(reader.TokenType == JsonTokenType.StartObject);
            if (name == MetadataName)
            {
                ParseMetadata(ref reader);
            }
            else if (!_entries.TryAdd(name, ParseEntry(ref reader, name)))
            {
                throw Lie($"names {PrintableText.Of(name)} twice");
            }
        }

        // Reading on refuses anything but white space after the object.
        Require(!reader.Read());
    }

    private void ParseMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            Require(reader.TokenType == JsonTokenType.String);
            if (!_metadata.TryAdd(key, reader.GetString()!))
            {
                throw Lie($"names {PrintableText.Of(key)} twice in {MetadataName}");
            }
        }
    }

    private SafetensorsEntry ParseEntry(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "dtype" when type is null:
                    type = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ParseIntegers(ref reader);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ParseIntegers(ref reader);
                    break;
                default:
                    throw Lie($"has the unexpected or repeated key \"{PrintableText.Of(key)}\" at {PrintableText.Of(name)}");
            }
        }

        if (type is null || shape is null || offsets is not { Length: 2 })
        {
            throw Lie($"lacks dtype, shape or a pair of data_offsets at {PrintableText.Of(name)}");
        }

        int bits = SafetensorsType.Bits(type) ?? throw Lie($"gives {PrintableText.Of(name)} the unknown dtype {PrintableText.Of(type)}");
        if (offsets[0] < 0 || offsets[1] < offsets[0] || !Holds(shape, offsets[1] - offsets[0], bits))
        {
            throw Lie(
                $"gives {PrintableText.Of(name)} the data_offsets {offsets[0]} to {offsets[1]}, which do not hold {type} of shape "
                    + $"[{PrintableText.Of(string.Join(", ", shape))}]"
            );
        }

        return new SafetensorsEntry(name, type, shape, (long)((Int128)(offsets[1] - offsets[0]) * 8 / bits), offsets[0], offsets[1]);
    }

    private static bool Holds(long[] shape, long bytes, int bits)
    {
        Int128 count = 1;
        foreach (long dimension in shape)
        {
            // Beyond the file's own length the product cannot matter, except that a later zero may still make it nothing.
            count = Int128.Min(count, long.MaxValue) * dimension;
        }

        return Array.TrueForAll(shape, dimension => dimension >= 0) && count <= long.MaxValue && count * bits == (Int128)bytes * 8;
    }

    private static long[] ParseIntegers(ref Utf8JsonReader reader)
    {
        List<long> values = [];
        Require(reader.TokenType == JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            values.Add(reader.GetInt64());
        }

        return [.. values];
    }

    private void RequireCover(long dataBytes)
    {
        long covered = 0;
        foreach (SafetensorsEntry entry in _entries.Values.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
        {
            if (entry.Start != covered)
            {
                string position = entry.Start < covered ? "inside another tensor" : "after a gap";
                throw Lie($"places {PrintableText.Of(entry.Name)} at byte {entry.Start} of the data, {position}");
            }

            covered = entry.End;
        }

        if (covered > dataBytes)
        {
            throw new InputException(
                $"{_path} is truncated: its tensors need {covered} bytes of data and {dataBytes} are there; write or copy it again."
            );
        }

        if (covered < dataBytes)
        {
            throw Lie($"leaves the last {dataBytes - covered} bytes of the file to no tensor");
        }
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new JsonException();
        }
    }

    private InputException Lie(string what) => new($"{_path} has a damaged header, which {what}; write or copy the file again.");
}
