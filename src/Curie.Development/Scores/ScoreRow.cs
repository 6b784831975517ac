namespace Curie.Development.Scores;

/// <summary>One line of a table of scores.</summary>
/// <param name="Checkpoint">The checkpoint's name.</param>
/// <param name="Step">The number of updates made.</param>
/// <param name="Component">The component; <c>full</c> for the model.</param>
/// <param name="Score">The score's name.</param>
/// <param name="Value">The score; NaN where it has no meaning.</param>
/// <param name="Se">Its standard error; null or NaN where it is not known.</param>
public sealed record ScoreRow(string Checkpoint, long Step, string Component, string Score, double Value, double? Se);
