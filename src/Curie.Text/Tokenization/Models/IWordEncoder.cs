namespace Curie.Text.Tokenization.Models;

/// <summary>Turns words into tokens.</summary>
internal interface IWordEncoder
{
    /// <summary>Appends the token ids of a word.</summary>
    /// <exception cref="Numerics.InputException">The word has no token.</exception>
    void Encode(ReadOnlySpan<char> word, List<int> ids);
}
