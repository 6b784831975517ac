using Curie.Text.Tokenization.Normalizers;
using Curie.Text.Tokenization.Patterns;

namespace Curie.Text.Tokenization.Decoders;

/// <summary>Replaces every match of a pattern inside a token by a string.</summary>
internal sealed class ReplaceDecoder(ITextPattern pattern, string content) : IDecoder
{
    public string Description => $"Replace {pattern.Description} by {PrintableText.Quote(content)}";

    public List<string> Decode(List<string> tokens) => [.. tokens.Select(Inside)];

    public string Inside(string token) => ReplaceNormalizer.Replaced(token, pattern, content);
}
