using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Decoders;

/// <summary>One step from tokens back to text.</summary>
internal interface IDecoder
{
    /// <summary>What it is, in words.</summary>
    string Description { get; }

    /// <summary>The strings of tokens, changed; what remains at the end is joined.</summary>
    /// <param name="tokens">The strings.</param>
    /// <param name="limit">How long all together may become.</param>
    /// <exception cref="Numerics.InputException">They would become longer.</exception>
    List<string> Decode(List<string> tokens, LengthLimit limit);

    /// <summary>What a token's string becomes inside a text, where the step changes single tokens.</summary>
    /// <param name="token">The string.</param>
    /// <param name="limit">How long it may become.</param>
    /// <exception cref="Numerics.InputException">It would become longer.</exception>
    string Inside(string token, LengthLimit limit) => token;
}
