namespace Curie.Text.Tokenization.Patterns;

/// <summary>Something to look for in a text.</summary>
internal interface ITextPattern
{
    /// <summary>Whether every match is one given character.</summary>
    bool IsOneCharacter { get; }

    /// <summary>The pattern, fit for a message.</summary>
    string Description { get; }

    /// <summary>Appends the matches and what is between them: the ranges cover the text in order.</summary>
    /// <exception cref="Numerics.InputException">The search takes too long.</exception>
    void Cut(ReadOnlySpan<char> text, List<TextRange> ranges);
}
