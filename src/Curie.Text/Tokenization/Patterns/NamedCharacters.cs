using System.Globalization;

namespace Curie.Text.Tokenization.Patterns;

/// <summary>The characters that a pattern names, and others that it does not.</summary>
internal sealed class NamedCharacters
{
    private readonly List<(char First, char Last)> _named = [];

    /// <summary>Takes a range of characters that the pattern names.</summary>
    public void Add(char first, char last) => _named.Add((first, last));

    /// <summary>Of every general category a character that the pattern does not name.</summary>
    public char[] StandIns() => [.. Enumerable.Range(0, TranslatedRegex.Categories).Select(category => Free((UnicodeCategory)category))];

    private char Free(UnicodeCategory category) =>
        category == UnicodeCategory.Surrogate
            ? '\uFFFD'
            : Free(point => CharUnicodeInfo.GetUnicodeCategory(point) == category && !WordCharacters.IsEnclosedLetter(point));

    /// <summary>A character of the basic plane that the pattern does not name.</summary>
    public char Free(Func<int, bool> suits)
    {
        // Latin-1 has characters that Oniguruma's \w treats apart, and the joiners are apart in Rust's.
        for (char unit = '\u0100'; unit < '\uFFFE'; unit++)
        {
            if (unit is not ('\u200C' or '\u200D') && suits(unit) && !_named.Exists(range => range.First <= unit && unit <= range.Last))
            {
                return unit;
            }
        }

        // No such character of the basic plane: none of the others is of the category either, or the pattern names it.
        return Fallback(suits);
    }

    private char Fallback(Func<int, bool> suits)
    {
        for (char unit = '\0'; unit < '\u0100'; unit++)
        {
            if (suits(unit) && !_named.Exists(range => range.First <= unit && unit <= range.Last))
            {
                return unit;
            }
        }

        return '\uFFFD';
    }
}
