using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Curie.Numerics.Files;

namespace Curie.Response.Reproducibility;

/// <summary>What was found out about a run's structure, as JSON: names in snake_case, numbers that are not finite as null.</summary>
public static class ReproducibilityFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new FiniteNumber() },
        WriteIndented = true,
    };

    /// <summary>The file's name in a run folder.</summary>
    /// <param name="part">The name of the part.</param>
    public static string Name(string part) => $"reproducibility-{part}.json";

    /// <summary>The result as JSON.</summary>
    public static JsonObject ToJson(RunReproducibility result) => (JsonObject)JsonSerializer.SerializeToNode(result, Options)!;

    /// <summary>The comparison as JSON.</summary>
    public static JsonObject ToJson(ControlComparison comparison) => (JsonObject)JsonSerializer.SerializeToNode(comparison, Options)!;

    /// <summary>Writes the result into a run folder, with the comparison under `control` where there is one.</summary>
    /// <exception cref="Numerics.InputException">The folder cannot be written.</exception>
    public static void Write(string folder, RunReproducibility result, ControlComparison? control = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        JsonObject json = ToJson(result);
        json["control"] = control is null ? null : ToJson(control);
        AtomicFile.WriteAllText(Path.Combine(folder, Name(result.Part)), json.ToJsonString(Options) + "\n");
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
