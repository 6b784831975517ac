namespace Curie.Text.Tokenization;

/// <summary>
/// Encodes many texts with one tokenizer, remembering the tokens of words it has seen. Its memory is its own: use one per thread.
/// </summary>
public abstract class TextEncoder
{
    /// <summary>Appends the token ids of a text.</summary>
    /// <exception cref="Numerics.InputException">The text has a character that the tokenizer has no token for.</exception>
    public abstract void Encode(string text, List<int> ids);
}
