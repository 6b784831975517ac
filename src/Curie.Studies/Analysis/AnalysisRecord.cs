using Curie.Response.Agreement;
using Curie.Response.Attribution;
using Curie.Response.Estimators;
using Curie.Response.Factors;
using Curie.Response.Influence;
using Curie.Response.Maps;
using Curie.Response.Matching;
using Curie.Response.Patterns;
using Curie.Response.Reproducibility;
using Curie.Response.Runs;

namespace Curie.Studies.Analysis;

/// <summary>What a run folder keeps of a <see cref="RunAnalysis"/>: `analysis.json`.</summary>
/// <param name="View">The name of the view whose modes, patterns and map these are.</param>
/// <param name="Attribution">Which part the variance of each mode of χ comes from.</param>
/// <param name="Survey">The modes of other parts and under other centrings.</param>
/// <param name="PatternRates">The tokens of every pattern.</param>
/// <param name="ModePatterns">The patterns at the ends of each mode.</param>
/// <param name="PatternExpression">What each component expresses and suppresses.</param>
/// <param name="StandardizedResponse">The standardised response of each component to each probe.</param>
/// <param name="Factors">The modes turned.</param>
/// <param name="Positions">The response by length of context.</param>
/// <param name="Clusters">The clusters of the map of tokens.</param>
/// <param name="Modularity">The modularity of these; null or NaN where there are none.</param>
/// <param name="Influence">The partners of a token; null where none was asked for.</param>
/// <param name="Matching">The counterparts in another run; null where none was given.</param>
/// <param name="Mixture">The agreement with measured mixtures; null where no run on mixtures was given.</param>
/// <param name="Agreement">Whether the covariances are those of another run; null where none was given.</param>
/// <param name="Alignment">What gradients predict of the covariance; null where the run holds no prediction.</param>
/// <param name="LlcSlope">The derivatives of the learning coefficients with the data; null where the run holds none.</param>
/// <param name="Levels">How much is there before the loss is felt; null where the run does not hold the two levels.</param>
/// <param name="OtherPatterns">The patterns at the ends of the modes of other parts, by part; null in files of before.</param>
public sealed record AnalysisRecord(
    string View,
    IReadOnlyList<ModeAttribution> Attribution,
    IReadOnlyList<ModeSurvey> Survey,
    IReadOnlyDictionary<string, int> PatternRates,
    IReadOnlyList<ModePatterns> ModePatterns,
    IReadOnlyList<PatternExpression> PatternExpression,
    IReadOnlyList<PatternExpression> StandardizedResponse,
    IReadOnlyList<GroupFactors> Factors,
    IReadOnlyList<PositionResponse> Positions,
    IReadOnlyList<MapCluster> Clusters,
    double? Modularity = null,
    TokenInfluence? Influence = null,
    IReadOnlyList<GroupMatching>? Matching = null,
    IReadOnlyList<MixtureRoute>? Mixture = null,
    CovarianceAgreement? Agreement = null,
    IReadOnlyList<ComponentAlignment>? Alignment = null,
    IReadOnlyList<ProbeSlope>? LlcSlope = null,
    IReadOnlyList<ComponentLevels>? Levels = null,
    IReadOnlyDictionary<string, IReadOnlyList<ModePatterns>>? OtherPatterns = null
)
{
    /// <summary>The file's name in a run folder.</summary>
    public const string FileName = "analysis.json";

    /// <summary>Reads what a run folder keeps.</summary>
    /// <exception cref="System.Text.Json.JsonException">The file is damaged.</exception>
    /// <exception cref="Numerics.InputException">The file cannot be read.</exception>
    public static AnalysisRecord Read(string folder) => RecordJson.ReadFile<AnalysisRecord>(Path.Combine(folder, FileName));
}
