namespace Curie.Page.Data;

/// <summary>The text of every token id that occurs.</summary>
/// <param name="Ids">The ids, rising.</param>
/// <param name="Texts">Their texts.</param>
/// <param name="Pieces">The bytes, in hexadecimal, of those ids that are no text by themselves, such as a third of a character.</param>
internal sealed record VocabularyData(IReadOnlyList<int> Ids, IReadOnlyList<string> Texts, IReadOnlyDictionary<int, string> Pieces);
