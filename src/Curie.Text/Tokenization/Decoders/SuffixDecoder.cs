using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Decoders;

/// <summary>Reads the suffix that ends a word as a space; that of the last token is left out.</summary>
internal sealed class SuffixDecoder(string suffix) : IDecoder
{
    public string Description => $"BPEDecoder {PrintableText.Quote(suffix)}";

    public List<string> Decode(List<string> tokens, LengthLimit limit) =>
        [.. tokens.Select((token, i) => token.Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];

    public string Inside(string token, LengthLimit limit) => token.Replace(suffix, " ", StringComparison.Ordinal);
}
