namespace Curie.Text.Tokenization.PreTokenizers;

/// <summary>A part of a text on the way to words.</summary>
/// <param name="Text">The text that it is cut from.</param>
/// <param name="Start">Its first UTF-16 unit.</param>
/// <param name="Length">How many units.</param>
/// <param name="Begins">Whether it begins the whole text, before which nothing was, not even an added token.</param>
internal readonly record struct Piece(string Text, int Start, int Length, bool Begins)
{
    /// <summary>Its characters.</summary>
    public ReadOnlySpan<char> Span => Text.AsSpan(Start, Length);

    /// <summary>A part of it.</summary>
    public Piece Part(int start, int length) => new(Text, Start + start, length, Begins && start == 0);

    /// <summary>Another text in its place.</summary>
    public Piece With(string text) => new(text, 0, text.Length, Begins);
}
