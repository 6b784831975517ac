using System.Globalization;
using System.Text;

namespace Curie.Text.Tokenization.Patterns;

/// <summary>
/// The characters of words, <c>\w</c>, by Unicode Technical Standard 18: alphabetic ones, marks, decimal digits, connectors and joiners.
/// .NET's <c>\w</c> lacks some of them: numbers that are letters, such as Ⅷ, enclosing marks, circled letters.
/// </summary>
internal static class WordCharacters
{
    /// <summary>Those of the basic plane as part of a character class of .NET, the joiners not among them.</summary>
    public const string Class = @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u24B6-\u24E9";

    /// <summary>Circled and squared letters beyond the basic plane: symbols by category, and alphabetic.</summary>
    public static bool IsEnclosedLetter(int point) =>
        point is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);

    /// <summary>Whether Rust's <c>\w</c> has a character.</summary>
    public static bool Contains(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber
                or UnicodeCategory.ConnectorPunctuation
        || rune.Value is 0x200C or 0x200D
        || IsEnclosedLetter(rune.Value);
}
