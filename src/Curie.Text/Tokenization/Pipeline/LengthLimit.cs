using Curie.Numerics;

namespace Curie.Text.Tokenization.Pipeline;

/// <summary>
/// How long a text may become on its way through a tokenizer's normalizers or decoders. A few lines of a file can say that every
/// character is to become ten, and each of these ten again.
/// </summary>
/// <remarks>
/// The longest that Unicode makes of one character is 18 (U+FDFA in NFKC and NFKD), and files replace characters by a few at most, as
/// U+2026 by three full stops or an ideogram by itself between spaces: <see cref="Factor"/> is the power of two above 18. What is put
/// before a text, however short that is, is within <see cref="Constant"/>, which alone needs no memory to speak of.
/// </remarks>
/// <param name="Path">The tokenizer, for messages.</param>
/// <param name="Original">The characters of the text as it came.</param>
internal readonly record struct LengthLimit(string Path, long Original)
{
    /// <summary>How many characters one may become.</summary>
    public const int Factor = 32;

    /// <summary>What is allowed beside that, in characters.</summary>
    public const int Constant = 1 << 16;

    /// <summary>The most characters.</summary>
    public long Most => (Factor * Original) + Constant;

    /// <summary>The refusal of a longer text.</summary>
    /// <param name="part">What would make it, in words.</param>
    public InputException Refusal(string part) =>
        new(
            $"{Path}: {part} makes more than {Most} characters of a text of {Original}, which no tokenizer needs; give a tokenizer "
                + "without it."
        );
}
