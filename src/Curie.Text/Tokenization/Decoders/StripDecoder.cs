using System.Text;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Decoders;

/// <summary>Removes a character from the ends of every token, so many times at most.</summary>
internal sealed class StripDecoder(Rune content, int start, int stop) : IDecoder
{
    public string Description => $"Strip {PrintableText.Quote(content.ToString())}";

    public List<string> Decode(List<string> tokens, LengthLimit limit) => [.. tokens.Select(Strip)];

    private string Strip(string token)
    {
        string sign = content.ToString();
        ReadOnlySpan<char> rest = token;
        for (int i = 0; i < start && rest.StartsWith(sign); i++)
        {
            rest = rest[sign.Length..];
        }

        for (int i = 0; i < stop && rest.EndsWith(sign); i++)
        {
            rest = rest[..^sign.Length];
        }

        return rest.ToString();
    }
}
