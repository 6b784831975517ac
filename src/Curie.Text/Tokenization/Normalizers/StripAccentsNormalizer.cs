using System.Globalization;
using System.Text;

namespace Curie.Text.Tokenization.Normalizers;

/// <summary>Leaves out all marks: of letters that were decomposed before, the letters remain.</summary>
internal sealed class StripAccentsNormalizer : INormalizer
{
    public bool KeepsBeginning => false;

    public string Description => "StripAccents";

    public string Normalize(string text)
    {
        StringBuilder result = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (
                Rune.GetUnicodeCategory(rune)
                is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
            )
            {
                result.Append(rune);
            }
        }

        return result.ToString();
    }
}
