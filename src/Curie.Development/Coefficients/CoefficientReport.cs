using System.Text.Json.Nodes;

namespace Curie.Development.Coefficients;

/// <summary>The learning coefficients of one checkpoint, as `llc.json` and <c>curie llc --json</c> give them.</summary>
/// <param name="Configuration">What was asked for.</param>
/// <param name="Components">Everything that was measured, component by component.</param>
public sealed record CoefficientReport(JsonObject Configuration, IReadOnlyList<CoefficientRecord> Components);
