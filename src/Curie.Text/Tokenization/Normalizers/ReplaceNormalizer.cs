using System.Text;
using Curie.Text.Tokenization.Patterns;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Normalizers;

/// <summary>Replaces every match of a pattern by a string.</summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string content) : INormalizer
{
    /// <summary>A replaced character keeps its place; of several, the replacement is placed at the last, and of none, nowhere.</summary>
    public bool KeepsBeginning => pattern.IsOneCharacter && content.Length > 0;

    public string Description => Words(pattern, content);

    public string Normalize(string text, LengthLimit limit) => Replaced(text, pattern, content, 0, limit);

    /// <summary>What is replaced by what, in words.</summary>
    public static string Words(ITextPattern pattern, string content) => $"Replace {pattern.Description} by {PrintableText.Quote(content)}";

    /// <summary>A text with every match replaced.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pattern">What is replaced.</param>
    /// <param name="content">By what.</param>
    /// <param name="before">The characters of other texts that the limit counts too.</param>
    /// <param name="limit">How long all may become.</param>
    /// <exception cref="Numerics.InputException">It would become longer.</exception>
    public static string Replaced(string text, ITextPattern pattern, string content, long before, LengthLimit limit)
    {
        List<TextRange> ranges = [];
        pattern.Cut(text, ranges);
        if (ranges.TrueForAll(range => !range.IsMatch))
        {
            return text;
        }

        long length = before;
        foreach (TextRange range in ranges)
        {
            length += range.IsMatch ? content.Length : range.Length;
        }

        if (length > limit.Most)
        {
            throw limit.Refusal(Words(pattern, content));
        }

        StringBuilder result = new((int)(length - before));
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
