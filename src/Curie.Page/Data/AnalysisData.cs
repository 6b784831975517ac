using Curie.Response.Attribution;
using Curie.Response.Maps;
using Curie.Response.Patterns;

namespace Curie.Page.Data;

/// <summary>What a page shows of a run's analysis; keys are those of `analysis.json`.</summary>
/// <param name="View">The name of the view whose modes and patterns these are.</param>
/// <param name="Attribution">Which part the variance of each mode comes from.</param>
/// <param name="PatternRates">The tokens of every pattern.</param>
/// <param name="ModePatterns">The patterns at the ends of each mode.</param>
/// <param name="PatternExpression">What each component expresses and suppresses.</param>
/// <param name="StandardizedResponse">The same over probes.</param>
/// <param name="Clusters">The clusters of the map.</param>
/// <param name="Modularity">Their modularity.</param>
/// <param name="Survey">The modes of other parts and under other centrings.</param>
/// <param name="Influence">The partners of a token that the page holds.</param>
/// <param name="OtherPatterns">The patterns at the ends of the modes of other parts, by part.</param>
internal sealed record AnalysisData(
    string View,
    IReadOnlyList<ModeAttribution> Attribution,
    IReadOnlyDictionary<string, int> PatternRates,
    IReadOnlyList<ModePatterns> ModePatterns,
    IReadOnlyList<PatternExpression> PatternExpression,
    IReadOnlyList<PatternExpression> StandardizedResponse,
    IReadOnlyList<MapCluster> Clusters,
    double? Modularity,
    IReadOnlyList<SurveyData> Survey,
    InfluenceData? Influence,
    IReadOnlyDictionary<string, IReadOnlyList<ModePatterns>>? OtherPatterns
)
{
    /// <summary>Whether the page's arrays hold a map of tokens.</summary>
    public bool Map { get; init; }
}
