using Curie.Text.Tokenization.Patterns;

namespace Curie.Text.Tokenization.PreTokenizers;

/// <summary>One step of cutting a text into words.</summary>
internal interface IPreTokenizer
{
    /// <summary>What it is, in words.</summary>
    string Description { get; }

    /// <summary>Whether it asks if a piece begins the text.</summary>
    bool AsksForBeginning => false;

    /// <summary>Appends the pieces of a piece; empty ones are left out by the caller.</summary>
    /// <param name="piece">What to cut, not empty.</param>
    /// <param name="ranges">Room for ranges, to be cleared before use.</param>
    /// <param name="pieces">Where the pieces go.</param>
    /// <exception cref="Numerics.InputException">A pattern takes too long.</exception>
    void Cut(Piece piece, List<TextRange> ranges, List<Piece> pieces);
}
