using Curie.Text.Tokenization.Normalizers;
using Curie.Text.Tokenization.Patterns;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Decoders;

/// <summary>Replaces every match of a pattern inside a token by a string.</summary>
internal sealed class ReplaceDecoder(ITextPattern pattern, string content) : IDecoder
{
    public string Description => ReplaceNormalizer.Words(pattern, content);

    public List<string> Decode(List<string> tokens, LengthLimit limit)
    {
        List<string> changed = new(tokens.Count);
        long length = 0;
        foreach (string token in tokens)
        {
            changed.Add(ReplaceNormalizer.Replaced(token, pattern, content, length, limit));
            length += changed[^1].Length;
        }

        return changed;
    }

    public string Inside(string token, LengthLimit limit) => ReplaceNormalizer.Replaced(token, pattern, content, 0, limit);
}
