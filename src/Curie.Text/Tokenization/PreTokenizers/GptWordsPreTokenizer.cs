using System.Text;
using Curie.Text.Tokenization.Patterns;

namespace Curie.Text.Tokenization.PreTokenizers;

/// <summary>Cuts as GPT-2's regular expression does: ByteLevel's <c>use_regex</c>.</summary>
internal sealed class GptWordsPreTokenizer : IPreTokenizer
{
    public string Description => "GPT-2's words";

    public void Cut(Piece piece, List<TextRange> ranges, List<Piece> pieces)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(piece.Span.ToString());
        int start = 0;
        ReadOnlySpan<byte> rest = bytes;
        while (!rest.IsEmpty)
        {
            int taken = PreTokenizer.NextLength(rest);
            int length = Encoding.UTF8.GetCharCount(rest[..taken]);
            pieces.Add(piece.Part(start, length));
            start += length;
            rest = rest[taken..];
        }
    }
}
