using System.Buffers;
using System.Globalization;
using System.Text;

namespace Curie.Text.Tokenization;

/// <summary>
/// Cuts text into the pieces inside which tokens are merged, exactly as GPT-2's regular expression does (Radford et al. 2019):
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>, where a character is a Unicode code point.
/// It reads UTF-8; each ill-formed sequence counts as one character that is neither letter, number nor space, so any bytes can be cut.
/// </summary>
public static class PreTokenizer
{
    private enum Kind : byte
    {
        Other,
        Letter,
        Number,
        Space,
    }

    private static readonly Kind[] AsciiKinds = [.. Enumerable.Range(0, 128).Select(c => Classify(new Rune((char)c)))];

    /// <summary>The length in bytes of the first piece.</summary>
    /// <param name="text">UTF-8, not empty.</param>
    public static int NextLength(ReadOnlySpan<byte> text)
    {
        int contraction = ContractionLength(text);
        if (contraction > 0)
        {
            return contraction;
        }

        Kind kind = KindAt(text, 0, out int end);
        if (kind != Kind.Space)
        {
            return EndOfRun(text, end, kind);
        }

        if (text[0] == ' ' && text.Length > 1)
        {
            Kind next = KindAt(text, 1, out int length);
            if (next != Kind.Space)
            {
                return EndOfRun(text, 1 + length, next);
            }
        }

        return SpaceLength(text, end);
    }

    /// <summary>A run of spaces leaves its last one to the word that follows it; a single space before a word cannot.</summary>
    private static int SpaceLength(ReadOnlySpan<byte> text, int end)
    {
        int beforeLast = 0;
        while (end < text.Length)
        {
            if (KindAt(text, end, out int length) != Kind.Space)
            {
                return beforeLast > 0 ? beforeLast : end;
            }

            beforeLast = end;
            end += length;
        }

        return end;
    }

    private static int EndOfRun(ReadOnlySpan<byte> text, int end, Kind kind)
    {
        while (end < text.Length && KindAt(text, end, out int length) == kind)
        {
            end += length;
        }

        return end;
    }

    private static int ContractionLength(ReadOnlySpan<byte> text)
    {
        if (text[0] != '\'' || text.Length < 2)
        {
            return 0;
        }

        if (text[1] is (byte)'s' or (byte)'t' or (byte)'m' or (byte)'d')
        {
            return 2;
        }

        ReadOnlySpan<byte> rest = text[1..];
        return rest.StartsWith("re"u8) || rest.StartsWith("ve"u8) || rest.StartsWith("ll"u8) ? 3 : 0;
    }

    private static Kind KindAt(ReadOnlySpan<byte> text, int at, out int length)
    {
        byte first = text[at];
        if (first < 128)
        {
            length = 1;
            return AsciiKinds[first];
        }

        return Rune.DecodeFromUtf8(text[at..], out Rune rune, out length) == OperationStatus.Done ? Classify(rune) : Kind.Other;
    }

    private static Kind Classify(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
        };
}
