namespace Curie.Development.Scores;

/// <summary>One score of a model or of a part of it.</summary>
/// <param name="Component">
/// The component, such as <c>full</c> or <c>l0h1</c>; for compositions the two heads, as in <c>l0h1>l1h6</c>; <c>pos_embed</c> for W_pos.
/// </param>
/// <param name="Score">The score's name.</param>
/// <param name="Value">The score.</param>
/// <param name="StandardError">Its standard error; null where the score is a function of the weights alone.</param>
public sealed record ModelScore(string Component, string Score, double Value, double? StandardError);
