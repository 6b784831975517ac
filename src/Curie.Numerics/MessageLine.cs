using System.Globalization;
using System.Text;

namespace Curie.Numerics;

/// <summary>Text that may come from anybody's file, made fit to be printed.</summary>
public static class MessageLine
{
    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;

    /// <summary>
    /// The text on one line: what cannot be seen or would act on a screen, such as line breaks, escapes and marks of direction, is written
    /// as <c>\u000A</c>.
    /// </summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder line = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Acts(rune))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            }
            else
            {
                line.Append(rune.ToString());
            }
        }

        return line.ToString();
    }

    /// <summary>The joiners are letters' business: without them the words of some languages look wrong.</summary>
    private static bool Acts(Rune rune) =>
        rune.Value is not (NonJoiner or Joiner)
        && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned;
}
