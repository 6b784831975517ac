using System.Text.Json;
using System.Text.Json.Serialization;
using Curie.Response.Runs;

namespace Curie.Page;

/// <summary>Writes a record with the keys of the file that it comes from.</summary>
internal sealed class StoredConverter<T> : JsonConverter<T>
    where T : class
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The page's data are not read.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => RecordJson.Write(writer, value);
}
