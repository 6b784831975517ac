using Curie.Text.Tokenization.Patterns;

namespace Curie.Text.Tokenization.PreTokenizers;

/// <summary>Puts a space before every piece that does not begin with one: ByteLevel's <c>add_prefix_space</c>.</summary>
internal sealed class PrefixSpacePreTokenizer : IPreTokenizer
{
    public string Description => "a space before";

    public void Cut(Piece piece, List<TextRange> ranges, List<Piece> pieces) =>
        pieces.Add(piece.Span[0] == ' ' ? piece : piece.With(string.Concat(" ", piece.Span)));
}
