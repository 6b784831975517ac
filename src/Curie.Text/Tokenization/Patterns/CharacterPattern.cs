using System.Text;

namespace Curie.Text.Tokenization.Patterns;

/// <summary>Every single character of a kind; a character is a code point.</summary>
internal sealed class CharacterPattern(string description, Predicate<Rune> matches) : ITextPattern
{
    public bool IsOneCharacter => false;

    public string Description => description;

    public void Cut(ReadOnlySpan<char> text, List<TextRange> ranges)
    {
        int start = 0;
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int length = rune.Utf16SequenceLength;
            if (matches(rune))
            {
                if (at > start)
                {
                    ranges.Add(new TextRange(start, at - start, false));
                }

                ranges.Add(new TextRange(at, length, true));
                start = at + length;
            }

            at += length;
        }

        if (at > start)
        {
            ranges.Add(new TextRange(start, at - start, false));
        }
    }
}
