using System.Text;
using Curie.Text.Tokenization.Patterns;

namespace Curie.Text.Tokenization.PreTokenizers;

/// <summary>Writes a piece in GPT-2's alphabet, one character for each of its bytes.</summary>
internal sealed class BytesPreTokenizer : IPreTokenizer
{
    public string Description => "as bytes";

    public void Cut(Piece piece, List<TextRange> ranges, List<Piece> pieces) =>
        pieces.Add(piece.With(ByteAlphabet.ToText(Encoding.UTF8.GetBytes(piece.Span.ToString()))));
}
