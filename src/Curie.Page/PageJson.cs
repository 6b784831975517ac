using System.Text.Json;
using System.Text.Json.Nodes;

namespace Curie.Page;

/// <summary>JSON as the page reads it, and as run folders keep it.</summary>
internal static class PageJson
{
    // What a file and the run hold of the same share differs by rounding alone.
    private const double Rounding = 1e-9;

    /// <summary>A number; null where it is not finite.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    /// <summary>A folder's own name.</summary>
    public static string FolderName(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    /// <summary>Texts as an array.</summary>
    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    /// <summary>The object in a file; null where it cannot be read or holds something else.</summary>
    public static JsonObject? Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What an object has under a key; null where it has nothing, or is no object.</summary>
    public static JsonNode? Key(JsonNode? node, string key) => (node as JsonObject)?[key];

    /// <summary>The items of an array; none where the node is no array.</summary>
    public static IEnumerable<JsonNode?> Items(JsonNode? node) => node as JsonArray ?? [];

    /// <summary>The text of a node; null where it is none.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The number of a node; NaN where it is none.</summary>
    public static double Value(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : double.NaN;

    /// <summary>Whether two numbers are the same but for rounding.</summary>
    public static bool IsSame(JsonNode? one, JsonNode? other) => Math.Abs(Value(one) - Value(other)) < Rounding;
}
