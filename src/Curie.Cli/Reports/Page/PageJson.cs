using System.Text.Json.Nodes;

namespace Curie.Cli.Reports.Page;

/// <summary>JSON as the page reads it.</summary>
internal static class PageJson
{
    /// <summary>A number; null where it is not finite.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    /// <summary>Texts as an array.</summary>
    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
