namespace Curie.Page.Data;

/// <summary>Two runs side by side (docs/formats.md, `comparison`): the second is that of the response.</summary>
/// <param name="First">How a reader knows the first run.</param>
/// <param name="Second">How a reader knows the second.</param>
/// <param name="Parts">What is compared of every part that both hold.</param>
internal sealed record ComparisonData(string First, string Second, IReadOnlyDictionary<string, PartComparisonData> Parts);
