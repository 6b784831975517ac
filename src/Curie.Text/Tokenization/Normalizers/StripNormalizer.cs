using System.Text;
using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization.Normalizers;

/// <summary>Removes white space from the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public bool KeepsBeginning => !left;

    public string Description =>
        left && right ? "Strip"
        : left ? "Strip left"
        : right ? "Strip right"
        : "Strip nothing";

    // All characters of white space are of the basic plane.
    public string Normalize(string text, LengthLimit limit)
    {
        text = left ? text.TrimStart() : text;
        return right ? text.TrimEnd() : text;
    }
}
