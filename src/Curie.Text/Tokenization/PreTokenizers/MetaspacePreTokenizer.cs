using System.Text;
using Curie.Text.Tokenization.Patterns;

namespace Curie.Text.Tokenization.PreTokenizers;

/// <summary>Writes spaces as a sign that can be seen, ▁, and cuts before it.</summary>
internal sealed class MetaspacePreTokenizer(Rune replacement, PrependScheme scheme, bool split) : IPreTokenizer
{
    private readonly string _sign = replacement.ToString();

    /// <summary>What spaces are written as.</summary>
    public Rune Sign => replacement;

    public string Description =>
        $"Metaspace {PrintableText.Quote(_sign)}, prepended {scheme.ToString().ToLowerInvariant()}{(split ? "" : ", not split")}";

    public bool AsksForBeginning => scheme == PrependScheme.First;

    public void Cut(Piece piece, List<TextRange> ranges, List<Piece> pieces)
    {
        string text = piece.Span.ToString().Replace(" ", _sign, StringComparison.Ordinal);
        if (
            (scheme == PrependScheme.Always || (scheme == PrependScheme.First && piece.Begins))
            && !text.StartsWith(_sign, StringComparison.Ordinal)
        )
        {
            text = _sign + text;
        }

        Piece changed = piece.With(text);
        int start = 0;
        while (split && text.IndexOf(_sign, start + 1, StringComparison.Ordinal) is > 0 and int next)
        {
            pieces.Add(changed.Part(start, next - start));
            start = next;
        }

        pieces.Add(changed.Part(start, text.Length - start));
    }
}
