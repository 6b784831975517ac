using System.Globalization;
using System.Text;

namespace Curie.Text.Tokenization.Patterns;

/// <summary>A pattern in .NET's words, and which unit stands for a character beyond the basic plane.</summary>
/// <param name="pattern">The pattern.</param>
/// <param name="standIns">A unit of each general category that the pattern does not name itself.</param>
/// <param name="enclosed">A circled letter, which is a symbol and counts as part of words, that the pattern does not name.</param>
internal sealed class TranslatedRegex(string pattern, char[] standIns, char enclosed)
{
    /// <summary>The pattern in .NET's words.</summary>
    public string Pattern => pattern;

    /// <summary>The unit that stands for a character beyond the basic plane: of its category, and of words if it is.</summary>
    public char StandIn(Rune rune) => WordCharacters.IsEnclosedLetter(rune.Value) ? enclosed : standIns[(int)Rune.GetUnicodeCategory(rune)];

    /// <summary>The number of general categories.</summary>
    internal static int Categories => (int)UnicodeCategory.OtherNotAssigned + 1;
}
