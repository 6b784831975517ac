using System.Globalization;
using System.Text;

namespace Curie.Networks.Files;

/// <summary>Text of a file made fit for a message: no control characters, nothing that turns the line around, no end of screens.</summary>
internal static class PrintableText
{
    private const int Longest = 120;

    /// <summary>The text with everything that is not a visible character or a space as ?, cut after 120 characters.</summary>
    public static string Of(string text)
    {
        StringBuilder clean = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length >= Longest)
            {
                return clean.Append('…').ToString();
            }

            bool visible =
                rune != Rune.ReplacementChar
                && Rune.GetUnicodeCategory(rune) switch
                {
                    UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.PrivateUse
                    or UnicodeCategory.Surrogate
                    or UnicodeCategory.OtherNotAssigned => false,
                    _ => true,
                };
            clean.Append(visible ? rune.ToString() : "?");
        }

        return clean.ToString();
    }
}
