using Curie.Page.Data;
using Curie.Response.Runs;
using Curie.Studies.Analysis;

namespace Curie.Page;

/// <summary>The running text of a page's passages: token ids, which of them are followed, and the text of every id that occurs.</summary>
internal sealed class PageText
{
    private readonly List<int> _ids = [];
    private readonly List<int> _starts = [0];
    private readonly List<int> _places = [];

    /// <summary>Collects the text of some passages.</summary>
    public PageText(TokenTable tokens, IReadOnlyList<Passage> passages, ProbeText text)
    {
        foreach (Passage passage in passages)
        {
            int[]? row = text.Row(passage.Probe, passage.Row);

            // The first passage of a row also shows the row's first token, which nothing predicts.
            int first = passage.FirstPosition == 0 ? 0 : passage.FirstPosition + 1;
            int start = _ids.Count;
            if (row is not null)
            {
                _ids.AddRange(row[first..Math.Min(row.Length, passage.FirstPosition + Passage.Length + 1)]);
            }

            for (int token = passage.FirstToken; token < passage.FirstToken + passage.TokenCount; token++)
            {
                _places.Add(row is null ? _ids.Count : start + tokens.Position[token] + 1 - first);
                if (row is null)
                {
                    _ids.Add(tokens.Id[token]);
                }
            }

            _starts.Add(_ids.Count);
        }

        int[] distinct = [.. _ids.Distinct().Order()];
        Vocabulary = new VocabularyData(
            distinct,
            Array.ConvertAll(distinct, text.PlainText),
            distinct
                .Select(id => (Id: id, Bytes: text.PieceBytes(id)))
                .Where(piece => piece.Bytes is not null)
                .ToDictionary(piece => piece.Id, piece => Convert.ToHexString(piece.Bytes!))
        );
    }

    /// <summary>The ids of all passages, one after another.</summary>
    public ReadOnlySpan<int> Ids => _ids.ToArray();

    /// <summary>Where each passage's ids start, and the end of the last.</summary>
    public ReadOnlySpan<int> Starts => _starts.ToArray();

    /// <summary>For every followed token its place among the ids.</summary>
    public ReadOnlySpan<int> Places => _places.ToArray();

    /// <summary>The text of every id that occurs.</summary>
    public VocabularyData Vocabulary { get; }
}
