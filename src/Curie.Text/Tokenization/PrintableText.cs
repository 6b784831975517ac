using System.Globalization;
using System.Text;

namespace Curie.Text.Tokenization;

/// <summary>Strings of files, made fit for a message: short, in quotation marks, and without characters that cannot be seen.</summary>
internal static class PrintableText
{
    private const int Longest = 40;

    /// <summary>A string whose characters can all be seen.</summary>
    public static string Plain(string text) => Quote(text, int.MaxValue)[1..^1];

    /// <summary>A string in quotation marks; what would not be seen, or would act, is written as <c>\u000A</c>.</summary>
    public static string Quote(string text) => Quote(text, Longest);

    private static string Quote(string text, int longest)
    {
        StringBuilder result = new("\"");
        int written = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (written++ == longest)
            {
                result.Append('…');
                break;
            }

            if (IsVisible(rune))
            {
                result.Append(rune.ToString());
            }
            else
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            }
        }

        return result.Append('"').ToString();
    }

    private static bool IsVisible(Rune rune) =>
        rune.Value == ' '
        || Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.SpaceSeparator
            );
}
