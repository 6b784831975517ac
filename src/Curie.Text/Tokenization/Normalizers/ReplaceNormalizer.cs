using System.Text;
using Curie.Text.Tokenization.Patterns;

namespace Curie.Text.Tokenization.Normalizers;

/// <summary>Replaces every match of a pattern by a string.</summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string content) : INormalizer
{
    /// <summary>A replaced character keeps its place; of several, the replacement is placed at the last, and of none, nowhere.</summary>
    public bool KeepsBeginning => pattern.IsOneCharacter && content.Length > 0;

    public string Description => $"Replace {pattern.Description} by {PrintableText.Quote(content)}";

    public string Normalize(string text) => Replaced(text, pattern, content);

    /// <summary>A text with every match replaced.</summary>
    public static string Replaced(string text, ITextPattern pattern, string content)
    {
        List<TextRange> ranges = [];
        pattern.Cut(text, ranges);
        if (ranges.TrueForAll(range => !range.IsMatch))
        {
            return text;
        }

        StringBuilder result = new(text.Length);
        foreach (TextRange range in ranges)
        {
            if (range.IsMatch)
            {
                result.Append(content);
            }
            else
            {
                result.Append(text, range.Start, range.Length);
            }
        }

        return result.ToString();
    }
}
