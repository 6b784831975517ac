namespace Curie.Text.Tokenization.Patterns;

/// <summary>A string that stands for itself and is not empty.</summary>
internal sealed class LiteralPattern(string literal) : ITextPattern
{
    public bool IsOneCharacter => literal.Length == 1 || (literal.Length == 2 && char.IsSurrogatePair(literal, 0));

    public string Description => PrintableText.Quote(literal);

    public void Cut(ReadOnlySpan<char> text, List<TextRange> ranges)
    {
        int at = 0;
        while (text[at..].IndexOf(literal, StringComparison.Ordinal) is >= 0 and int before)
        {
            if (before > 0)
            {
                ranges.Add(new TextRange(at, before, false));
            }

            ranges.Add(new TextRange(at + before, literal.Length, true));
            at += before + literal.Length;
        }

        if (at < text.Length)
        {
            ranges.Add(new TextRange(at, text.Length - at, false));
        }
    }
}
