namespace Curie.Text.Tokenization.Decoders;

/// <summary>One step from tokens back to text.</summary>
internal interface IDecoder
{
    /// <summary>What it is, in words.</summary>
    string Description { get; }

    /// <summary>The strings of tokens, changed; what remains at the end is joined.</summary>
    List<string> Decode(List<string> tokens);

    /// <summary>What a token's string becomes inside a text, where the step changes single tokens.</summary>
    string Inside(string token) => token;
}
