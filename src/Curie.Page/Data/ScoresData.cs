namespace Curie.Page.Data;

/// <summary>Scores over checkpoints.</summary>
/// <param name="Source">The file that they come from.</param>
/// <param name="List">The scores.</param>
internal sealed record ScoresData(string Source, IReadOnlyList<ScoreData> List);
