using System.Text.Json;
using System.Text.Json.Serialization;

namespace Curie.Page;

/// <summary>Writes a record with the keys of the file that it comes from, and its numbers with as many digits as a chart needs.</summary>
internal sealed class RoundedConverter<T> : JsonConverter<T>
    where T : class
{
    private static readonly JsonSerializerOptions Rounded = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new RoundedNumber() },
    };

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The page's data are not read.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, Rounded);
}
