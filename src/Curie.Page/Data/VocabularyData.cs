namespace Curie.Page.Data;

/// <summary>The text of every token id that occurs.</summary>
/// <param name="Ids">The ids, rising.</param>
/// <param name="Texts">Their texts.</param>
internal sealed record VocabularyData(IReadOnlyList<int> Ids, IReadOnlyList<string> Texts);
