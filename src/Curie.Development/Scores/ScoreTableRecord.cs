using System.Text.Json.Nodes;

namespace Curie.Development.Scores;

/// <summary>A <see cref="ScoreTable"/> as `scores.json` has it.</summary>
/// <param name="Configuration">How the scores were made.</param>
/// <param name="Rows">A line for every checkpoint, component and score.</param>
public sealed record ScoreTableRecord(JsonObject Configuration, IReadOnlyList<ScoreRow> Rows);
