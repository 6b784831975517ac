using Curie.Text.Tokenization.Patterns;

namespace Curie.Text.Tokenization.PreTokenizers;

/// <summary>Cuts at the matches of a pattern, or, inverted, at what is between them.</summary>
internal sealed class SplitPreTokenizer(string name, ITextPattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizer
{
    public string Description => name;

    public void Cut(Piece piece, List<TextRange> ranges, List<Piece> pieces)
    {
        ranges.Clear();
        pattern.Cut(piece.Span, ranges);
        switch (behavior)
        {
            case SplitBehavior.Removed:
                foreach (TextRange range in ranges)
                {
                    if (range.IsMatch == invert)
                    {
                        pieces.Add(piece.Part(range.Start, range.Length));
                    }
                }

                break;
            case SplitBehavior.Isolated:
                foreach (TextRange range in ranges)
                {
                    pieces.Add(piece.Part(range.Start, range.Length));
                }

                break;
            case SplitBehavior.MergedWithPrevious:
                CutBehind(piece, ranges, pieces);
                break;
            case SplitBehavior.MergedWithNext:
                CutBefore(piece, ranges, pieces);
                break;
            default:
                CutRuns(piece, ranges, pieces);
                break;
        }
    }

    /// <summary>A match belongs to what is before it, unless that is a match too.</summary>
    private void CutBehind(Piece piece, List<TextRange> ranges, List<Piece> pieces)
    {
        int start = 0;
        for (int i = 0; i < ranges.Count; i++)
        {
            bool joins = i + 1 < ranges.Count && ranges[i + 1].IsMatch != invert && ranges[i].IsMatch == invert;
            if (!joins)
            {
                pieces.Add(piece.Part(start, ranges[i].End - start));
                start = ranges[i].End;
            }
        }
    }

    /// <summary>A match belongs to what is behind it, unless that is a match too.</summary>
    private void CutBefore(Piece piece, List<TextRange> ranges, List<Piece> pieces)
    {
        int start = 0;
        for (int i = 0; i < ranges.Count; i++)
        {
            bool joins = i + 1 < ranges.Count && ranges[i].IsMatch != invert && ranges[i + 1].IsMatch == invert;
            if (!joins)
            {
                pieces.Add(piece.Part(start, ranges[i].End - start));
                start = ranges[i].End;
            }
        }
    }

    private static void CutRuns(Piece piece, List<TextRange> ranges, List<Piece> pieces)
    {
        int start = 0;
        for (int i = 0; i < ranges.Count; i++)
        {
            if (i + 1 == ranges.Count || ranges[i + 1].IsMatch != ranges[i].IsMatch)
            {
                pieces.Add(piece.Part(start, ranges[i].End - start));
                start = ranges[i].End;
            }
        }
    }
}
