using System.Globalization;
using System.Text.Json.Nodes;
using Curie.Response.Estimators;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Cli.Reports;

/// <summary>Says of each part how much of it is there without the loss, in a line.</summary>
internal static class ControlVerdictLines
{
    /// <summary>A line for each part; none without a control.</summary>
    public static IEnumerable<string> Of(ControlVerdict? verdict) => verdict?.Parts.Select(Line) ?? [];

    /// <summary>The same for scripts; null without a control.</summary>
    public static JsonNode? ToJson(ControlVerdict? verdict) => verdict is null ? null : RecordJson.ToNode(verdict);

    private static string Line(ControlPartVerdict part)
    {
        string name = ResponsePart.Parse(part.Part).Symbol;
        string found = $"r {NumberScale.Two(part.Correlation)}";
        return part is { ShareExplained: { } share, Ceiling: { } most }
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {share:0 %} of its variance is in the control, sampling adds {1 - share:0 %} "
                    + $"({found} of at most {NumberScale.Two(most)})"
            )
            : $"{name}: noise hides how much is in the control ({found})";
    }
}
