using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Curie.Numerics.Files;

namespace Curie.Response.Runs;

/// <summary>What was found out about a run, as JSON: names in snake_case, numbers that are not finite as null.</summary>
public static class AnalysisJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new FiniteNumber(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
    };

    /// <summary>A record as JSON.</summary>
    public static JsonNode ToNode<T>(T result)
        where T : class => JsonSerializer.SerializeToNode(result, Options)!;

    /// <summary>Writes an object into a run folder.</summary>
    /// <exception cref="Numerics.InputException">The folder cannot be written.</exception>
    public static void Write(string folder, string name, JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        AtomicFile.WriteAllText(Path.Combine(folder, name), json.ToJsonString(Options) + "\n");
    }

    private sealed class FiniteNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
