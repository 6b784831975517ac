using System.Text.Json.Serialization;

namespace Curie.Page.Data;

/// <summary>A mode of a view.</summary>
/// <param name="Mode">The mode, from 1.</param>
/// <param name="ExplainedVariance">Its share of the view's variance.</param>
/// <param name="Reliability">The share of it that repeats itself.</param>
/// <param name="DrawsNeeded">How many times as many draws it needs.</param>
/// <param name="Alignment">How far it is the first view's mode of the same number.</param>
/// <param name="Loadings">Its loadings by component; of the standardised excess alone.</param>
internal sealed record SurveyedModeData(
    int Mode,
    double ExplainedVariance,
    double Reliability,
    double? DrawsNeeded,
    double Alignment,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, double>? Loadings
);
