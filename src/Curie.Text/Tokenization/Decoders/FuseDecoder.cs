using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Decoders;

/// <summary>Joins all tokens, so that what follows sees one.</summary>
internal sealed class FuseDecoder : IDecoder
{
    public string Description => "Fuse";

    public List<string> Decode(List<string> tokens, LengthLimit limit) => [string.Concat(tokens)];
}
