using System.Text;

namespace Curie.Text.Tokenization.Patterns;

/// <summary>Runs of word characters, and runs of characters that are neither of words nor white space: <c>\w+|[^\w\s]+</c>.</summary>
internal sealed class WordsAndSignsPattern : ITextPattern
{
    private enum Kind
    {
        Space,
        Word,
        Sign,
    }

    public bool IsOneCharacter => false;

    public string Description => "words and runs of signs";

    public void Cut(ReadOnlySpan<char> text, List<TextRange> ranges)
    {
        int start = 0;
        int at = 0;
        Kind run = Kind.Space;
        foreach (Rune rune in text.EnumerateRunes())
        {
            Kind kind =
                WordCharacters.Contains(rune) ? Kind.Word
                : Rune.IsWhiteSpace(rune) ? Kind.Space
                : Kind.Sign;
            if (kind != run && at > start)
            {
                ranges.Add(new TextRange(start, at - start, run != Kind.Space));
                start = at;
            }

            run = kind;
            at += rune.Utf16SequenceLength;
        }

        if (at > start)
        {
            ranges.Add(new TextRange(start, at - start, run != Kind.Space));
        }
    }
}
