namespace Curie.Development.Scores;

/// <summary>How a model is scored.</summary>
public sealed record ModelScoreOptions
{
    /// <summary>Rows of text for losses and ablations, at least 2. Default 256; fewer where there are fewer.</summary>
    public int Rows { get; init; } = 256;

    /// <summary>
    /// Synthetic sequences per attention score, and rows for the bigram score. Default 1000; published with 10,000 and 5,000.
    /// </summary>
    public int Samples { get; init; } = 1000;

    /// <summary>At most so many rows are counted for bigrams. Default 20,000.</summary>
    public int BigramRows { get; init; } = 20_000;

    /// <summary>At most so many rows are counted for n-grams. Default 2000.</summary>
    public int NgramRows { get; init; } = 2000;

    /// <summary>
    /// The early index of the in-context-learning score. Default 48; a tenth of the late one where that had to be shortened.
    /// </summary>
    public int Early { get; init; } = 48;

    /// <summary>The late index. Default 498; the last where rows are shorter.</summary>
    public int Late { get; init; } = 498;

    /// <summary>
    /// The seed of every random choice. Default 1; the same for all models, so that they are compared on the same samples.
    /// </summary>
    public long Seed { get; init; } = 1;

    /// <summary>The early and the late index in rows of so many positions.</summary>
    public (int Early, int Late) Indices(int positions) =>
        Late < positions ? (Early, Late) : (Math.Min(Early, (positions - 1) / 10), positions - 1);
}
