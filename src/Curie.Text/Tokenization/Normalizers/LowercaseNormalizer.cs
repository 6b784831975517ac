using System.Text;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Normalizers;

/// <summary>
/// Lower case, character by character as Rust's <c>char::to_lowercase</c> has it: İ becomes i and a dot above. Letters that Unicode 17
/// added are listed here, since .NET may know Unicode 16 alone.
/// </summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    public bool KeepsBeginning => true;

    public string Description => "Lowercase";

    public string Normalize(string text, LengthLimit limit)
    {
        StringBuilder? result = null;
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            Rune lower = Lower(rune);
            if (lower != rune || rune.Value == 0x130)
            {
                result ??= new StringBuilder(text.Length).Append(text, 0, at);
            }

            if (rune.Value == 0x130)
            {
                result!.Append("i\u0307");
                if (result.Length > limit.Most)
                {
                    throw limit.Refusal(Description);
                }
            }
            else
            {
                result?.Append(lower.ToString());
            }

            at += rune.Utf16SequenceLength;
        }

        return result?.ToString() ?? text;
    }

    private static Rune Lower(Rune rune) =>
        rune.Value switch
        {
            0xA7CE or 0xA7D2 or 0xA7D4 => new Rune(rune.Value + 1),
            >= 0x16EA0 and <= 0x16EB8 => new Rune(rune.Value + 0x1B),
            _ => Rune.ToLowerInvariant(rune),
        };
}
