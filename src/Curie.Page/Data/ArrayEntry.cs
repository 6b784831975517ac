using System.Text.Json.Serialization;

namespace Curie.Page.Data;

/// <summary>Where an array lies in the page's block.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>int32</c>, <c>uint16</c>, <c>uint8</c>, <c>float32</c> or <c>companded</c>.</param>
/// <param name="Offset">In bytes.</param>
/// <param name="Length">In elements.</param>
/// <param name="Scales">The largest magnitude of each row; of companded ones alone.</param>
internal sealed record ArrayEntry(
    string Name,
    string Type,
    int Offset,
    int Length,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Scales = null
);
