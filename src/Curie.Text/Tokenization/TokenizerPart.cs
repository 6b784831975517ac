namespace Curie.Text.Tokenization;

/// <summary>One part of a tokenizer, in words.</summary>
/// <param name="Name">Which part, e.g. <c>normalizer</c>.</param>
/// <param name="Value">What it is, e.g. <c>NFC</c>.</param>
public sealed record TokenizerPart(string Name, string Value);
