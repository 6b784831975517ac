using System.Text.Json.Serialization;
using Curie.Studies.Designs;

namespace Curie.Page.Data;

/// <summary>What a page shows of designed weights (docs/formats.md, `design`).</summary>
/// <param name="Name">The file of the weights.</param>
/// <param name="Record">What stands beside them.</param>
/// <param name="Title">The group in words.</param>
/// <param name="Probe">The probe whose tokens have them.</param>
/// <param name="HalfWidths">Half the 95 % interval of every prediction, and of the one along the target last, in their errors.</param>
/// <param name="Rows">The weights of every row of the probe.</param>
internal sealed record DesignData(
    string Name,
    [property: JsonConverter(typeof(StoredConverter<DesignRecord>))] DesignRecord Record,
    string Title,
    int Probe,
    IReadOnlyList<double> HalfWidths,
    IReadOnlyList<DesignRowData> Rows
);
