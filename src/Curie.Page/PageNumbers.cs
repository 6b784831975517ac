using System.Globalization;
using System.Text.Json.Nodes;

namespace Curie.Page;

/// <summary>Numbers for the page's charts, which need fewer digits than files.</summary>
internal static class PageNumbers
{
    // Half a unit of the seventh digit is far below a hundredth of a pixel.
    private const string Digits = "G7";
    private const double Exact = 1L << 53;

    /// <summary>A copy in which numbers have seven digits; whole numbers, steps among them, stay as they are.</summary>
    public static JsonNode? Rounded(JsonNode? node) =>
        node switch
        {
            null => null,
            JsonArray array => new JsonArray([.. array.Select(Rounded)]),
            JsonObject entries => new JsonObject(entries.Select(entry => KeyValuePair.Create(entry.Key, Rounded(entry.Value)))),
            JsonValue value when value.TryGetValue(out double number) => Rounded(number),
            _ => node.DeepClone(),
        };

    /// <summary>A number with seven digits; null where it is none.</summary>
    public static JsonNode? Rounded(double? value) =>
        value is not { } number || !double.IsFinite(number) ? null
        : number == Math.Floor(number) && Math.Abs(number) < Exact ? JsonValue.Create((long)number)
        : JsonValue.Create(double.Parse(number.ToString(Digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
}
