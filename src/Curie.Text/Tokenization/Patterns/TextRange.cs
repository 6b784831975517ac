namespace Curie.Text.Tokenization.Patterns;

/// <summary>A part of a text that matches a pattern, or lies between matches.</summary>
/// <param name="Start">The first UTF-16 unit.</param>
/// <param name="Length">How many units.</param>
/// <param name="IsMatch">Whether it matches.</param>
internal readonly record struct TextRange(int Start, int Length, bool IsMatch)
{
    /// <summary>One past the last unit.</summary>
    public int End => Start + Length;
}
