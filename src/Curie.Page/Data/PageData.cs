using System.Text.Json.Serialization;

namespace Curie.Page.Data;

/// <summary>Everything of a page but the numbers of its arrays (docs/formats.md, "The page's data").</summary>
/// <param name="Format">The version of the layout; the page refuses another.</param>
/// <param name="Name">The page's title.</param>
/// <param name="Curie">The version of Curie that wrote it.</param>
/// <param name="Response">What a run found; null without a run.</param>
/// <param name="Development">What is known of the training; null without it.</param>
/// <param name="Replay">The same tokens at earlier checkpoints; null with one run.</param>
/// <param name="Comparison">Two runs side by side; null unless there are two.</param>
/// <param name="Design">Weights designed from the run; null without them.</param>
/// <param name="Arrays">Where every array lies.</param>
internal sealed record PageData(
    int Format,
    string Name,
    string Curie,
    ResponseData? Response,
    [property: JsonConverter(typeof(RoundedConverter<DevelopmentData>))] DevelopmentData? Development,
    ReplayData? Replay,
    ComparisonData? Comparison,
    DesignData? Design,
    IReadOnlyList<ArrayEntry> Arrays
);
