using System.Globalization;
using System.Text;

namespace Curie.Text.Tokenization.PreTokenizers;

/// <summary>Kinds of characters at which pre-tokenizers cut, as Rust's standard library and Hugging Face's tell them.</summary>
internal static class CharacterClasses
{
    /// <summary>A number of any kind.</summary>
    public static bool IsNumeric(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>Punctuation as Unicode 8 knows it, or any sign of ASCII. U+166D and U+111C9 are no longer punctuation.</summary>
    public static bool IsPunctuation(Rune rune) =>
        rune.IsAscii
            ? rune.Value is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
            : rune.Value is 0x166D or 0x111C9
                || Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.ConnectorPunctuation
                        or UnicodeCategory.DashPunctuation
                        or UnicodeCategory.OpenPunctuation
                        or UnicodeCategory.ClosePunctuation
                        or UnicodeCategory.InitialQuotePunctuation
                        or UnicodeCategory.FinalQuotePunctuation
                        or UnicodeCategory.OtherPunctuation
                    && !LaterCharacters.IsPunctuation(rune.Value);
}
