using Curie.Text.Sources;

namespace Curie.Text.Corpora;

/// <summary>One source of a mix.</summary>
/// <param name="Source">Where the documents come from.</param>
/// <param name="MaxBytes">The most UTF-8 bytes of text to keep of it; null keeps everything.</param>
public sealed record CorpusPart(ICorpusSource Source, long? MaxBytes = null);
