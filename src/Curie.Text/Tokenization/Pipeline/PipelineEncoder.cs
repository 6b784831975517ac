using System.Text;
using Curie.Text.Tokenization.Models;
using Curie.Text.Tokenization.Patterns;
using Curie.Text.Tokenization.PreTokenizers;

namespace Curie.Text.Tokenization.Pipeline;

/// <summary>Leads texts through the parts of a tokenizer.</summary>
internal sealed class PipelineEncoder(PipelineTokenizer tokenizer, IWordEncoder words, SpecialText special, Template template) : TextEncoder
{
    private readonly List<(int Start, int Length, int Id)> _parts = [];
    private readonly List<(int Start, int Length, int Id)> _normalized = [];
    private readonly List<TextRange> _ranges = [];
    private List<Piece> _pieces = [];
    private List<Piece> _cut = [];

    public override void Encode(string text, List<int> ids)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(ids);
        ids.AddRange(template.Prefix);
        text = WellFormed(text);
        _parts.Clear();
        Find(tokenizer.Original, text, _parts);
        foreach ((int start, int length, int id) in _parts)
        {
            if (id >= 0)
            {
                ids.Add(id);
            }
            else
            {
                EncodePart(length == text.Length ? text : text.Substring(start, length), start == 0, ids);
            }
        }

        ids.AddRange(template.Suffix);
    }

    private void EncodePart(string text, bool begins, List<int> ids)
    {
        text = tokenizer.Normalizer?.Normalize(text, new LengthLimit(tokenizer.Name, text.Length)) ?? text;
        _normalized.Clear();
        Find(tokenizer.Normalized, text, _normalized);
        foreach ((int start, int length, int id) in _normalized)
        {
            if (id >= 0)
            {
                ids.Add(id);
            }
            else
            {
                EncodePiece(new Piece(text, start, length, begins && start == 0), ids);
            }
        }
    }

    private void EncodePiece(Piece piece, List<int> ids)
    {
        _pieces.Clear();
        _pieces.Add(piece);
        foreach (IPreTokenizer step in tokenizer.Steps)
        {
            _cut.Clear();
            foreach (Piece part in _pieces)
            {
                if (part.Length > 0)
                {
                    step.Cut(part, _ranges, _cut);
                }
            }

            (_pieces, _cut) = (_cut, _pieces);
        }

        foreach (Piece word in _pieces)
        {
            if (word.Length > 0)
            {
                words.Encode(word.Span, ids);
            }
        }
    }

    private void Find(AddedTokenFinder finder, string text, List<(int Start, int Length, int Id)> parts)
    {
        if (!finder.IsEmpty)
        {
            finder.Find(text, special == SpecialText.Text, parts);
        }
        else if (text.Length > 0)
        {
            parts.Add((0, text.Length, -1));
        }
    }

    /// <summary>The text with U+FFFD for halves of surrogate pairs, which no file in UTF-8 has.</summary>
    private static string WellFormed(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return text;
        }

        StringBuilder result = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            result.Append(rune);
        }

        return result.ToString();
    }
}
