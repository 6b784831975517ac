using System.Text;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Decoders;

/// <summary>Reads Metaspace's sign as a space; in the first token it is left out where it may have been put before the text.</summary>
internal sealed class MetaspaceDecoder(Rune replacement, bool prepends) : IDecoder
{
    private readonly string _sign = replacement.ToString();

    public string Description => $"Metaspace {PrintableText.Quote(_sign)}";

    public List<string> Decode(List<string> tokens, LengthLimit limit) =>
        [.. tokens.Select((token, i) => token.Replace(_sign, i == 0 && prepends ? "" : " ", StringComparison.Ordinal))];

    public string Inside(string token, LengthLimit limit) => token.Replace(_sign, " ", StringComparison.Ordinal);
}
