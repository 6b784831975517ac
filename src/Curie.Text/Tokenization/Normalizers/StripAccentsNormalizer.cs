using System.Globalization;
using System.Text;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Normalizers;

/// <summary>Leaves out all marks: of letters that were decomposed before, the letters remain.</summary>
internal sealed class StripAccentsNormalizer : INormalizer
{
    public bool KeepsBeginning => false;

    public string Description => "StripAccents";

    public string Normalize(string text, LengthLimit limit)
    {
        StringBuilder result = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!IsMark(rune))
            {
                result.Append(rune);
            }
        }

        return result.ToString();
    }

    /// <summary>A mark as Unicode 9 knows it. U+1CF2 and U+1CF3 are letters today.</summary>
    private static bool IsMark(Rune rune) =>
        rune.Value is 0x1CF2 or 0x1CF3
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark
            && !LaterCharacters.IsMark(rune.Value);
}
