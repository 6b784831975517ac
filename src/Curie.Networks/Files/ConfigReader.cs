using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Networks.Files;

/// <summary>The keys of a JSON configuration, each with its type; every message names the file and the key.</summary>
/// <param name="json">The object.</param>
/// <param name="path">The file.</param>
internal sealed class ConfigReader(JsonObject json, string path)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">The file is missing or does not hold a JSON object.</exception>
    public static ConfigReader Open(string path) => new(InputFile.Read(path, stream => Parse(stream, path)), path);

    /// <summary>A value that must be there.</summary>
    /// <exception cref="InputException">It is not, or has another type.</exception>
    public T Required<T>(string key) =>
        json.ContainsKey(key) ? Value<T>(key) : throw new InputException($"{path}: the key {key} is missing; add it.");

    /// <summary>A value, or <paramref name="otherwise"/> where there is none.</summary>
    /// <exception cref="InputException">It has another type.</exception>
    public T Optional<T>(string key, T otherwise) =>
        json.TryGetPropertyValue(key, out JsonNode? node) && node is not null ? Value<T>(key) : otherwise;

    /// <summary>A nested object that must be there.</summary>
    /// <exception cref="InputException">It is not.</exception>
    public ConfigReader Section(string key) =>
        json[key] is JsonObject section
            ? new ConfigReader(section, path)
            : throw new InputException($"{path}: the key {key} must hold an object; restore the file that came with the model.");

    private static JsonObject Parse(Stream stream, string path)
    {
        try
        {
            return JsonNode.Parse(stream) as JsonObject ?? throw new InputException($"{path}: the configuration must be a JSON object.");
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}: not JSON ({error.Message.TrimEnd('.')}); restore the file that came with the model.", error);
        }
    }

    private T Value<T>(string key)
    {
        if (json[key] is JsonValue value && value.TryGetValue(out T? result))
        {
            return result;
        }

        Type type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        string expected =
            type == typeof(string) ? "a string"
            : type == typeof(bool) ? "true or false"
            : "a number";
        string whole = type == typeof(int) || type == typeof(long) ? " without a fraction" : string.Empty;
        throw new InputException($"{path}: {key} is {json[key]?.ToJsonString() ?? "null"}; it must be {expected}{whole}.");
    }
}
