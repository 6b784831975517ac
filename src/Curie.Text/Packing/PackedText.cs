namespace Curie.Text.Packing;

/// <summary>Documents packed into rows, and the account of what went where.</summary>
/// <param name="Rows">The rows, each a BOS and n_ctx − 1 tokens.</param>
/// <param name="Documents">Documents packed; empty ones are not counted.</param>
/// <param name="EmptyDocuments">Documents without text, which were left out.</param>
/// <param name="Tokens">Tokens of the joined documents, EOS between them included and BOS not.</param>
/// <param name="DroppedTokens">Tokens at the end that did not fill a row.</param>
public sealed record PackedText(TokenRows Rows, long Documents, long EmptyDocuments, long Tokens, int DroppedTokens);
