using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Curie.Numerics.Files;

namespace Curie.Response.Runs;

/// <summary>
/// Records as JSON, in files and on the terminal: names in snake_case, and numbers that are not finite as null. A record that was written
/// reads back as it was, with NaN for null where a number stands.
/// </summary>
public static class RecordJson
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new FiniteNumber(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    private static readonly JsonSerializerOptions Strict = new(Compact)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>A record as JSON.</summary>
    public static JsonNode ToNode<T>(T record)
        where T : class => JsonSerializer.SerializeToNode(record, Compact)!;

    /// <summary>A number, or null where it is not known or not finite.</summary>
    public static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    /// <summary>A record as the text of a file.</summary>
    /// <param name="record">The record.</param>
    /// <param name="indented">Whether it is laid out for readers, rather than on one line.</param>
    public static string ToText<T>(T record, bool indented = true)
        where T : class => JsonSerializer.Serialize(record, indented ? Indented : Compact) + "\n";

    /// <summary>Writes a record where JSON is being written.</summary>
    public static void Write<T>(Utf8JsonWriter writer, T record)
        where T : class => JsonSerializer.Serialize(writer, record, Compact);

    /// <summary>Writes a record into a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="record">The record.</param>
    /// <param name="indented">Whether it is laid out for readers, rather than on one line.</param>
    /// <exception cref="Numerics.InputException">The file cannot be written.</exception>
    public static void WriteFile<T>(string path, T record, bool indented = true)
        where T : class => AtomicFile.WriteAllText(path, ToText(record, indented));

    /// <summary>Reads a record from a file that holds it.</summary>
    /// <exception cref="JsonException">The file holds something else, or is damaged.</exception>
    /// <exception cref="Numerics.InputException">The file cannot be read.</exception>
    public static T ReadFile<T>(string path)
        where T : class => JsonSerializer.Deserialize<T>(WholeJson.Read(path), Strict) ?? throw new JsonException("it is null");
}
