namespace Curie.Text.Corpora;

/// <summary>A file that a corpus was written to.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Source">The source's name; null for the files that combine all sources.</param>
/// <param name="HeldOut">True if it holds held-out documents, false if training documents.</param>
/// <param name="Documents">How many documents it holds.</param>
/// <param name="Bytes">Of text in UTF-8, without the JSON around it.</param>
public sealed record CorpusFile(string Path, string? Source, bool HeldOut, long Documents, long Bytes);
