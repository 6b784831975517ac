namespace Curie.Development.Scores;

/// <summary>A synthetic sequence and the attention weight that a score reads from it.</summary>
/// <param name="Tokens">The sequence; the last token is not embedded, since it predicts nothing.</param>
/// <param name="Query">The position that attends.</param>
/// <param name="Key">The position attended to.</param>
public sealed record AttentionSample(int[] Tokens, int Query, int Key);
