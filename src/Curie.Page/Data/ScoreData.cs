namespace Curie.Page.Data;

/// <summary>A score over checkpoints.</summary>
/// <param name="Score">Its name.</param>
/// <param name="Lines">A line for every component.</param>
internal sealed record ScoreData(string Score, IReadOnlyList<ScoreLine> Lines);
