using Curie.Text.Tokenization.Pipeline;

namespace Curie.Text.Tokenization;

/// <summary>
/// Recognises special tokens by their names, the leftmost first and the longest among those; the text between is encoded.
/// </summary>
internal sealed class SpecialTokenEncoder : TextEncoder
{
    private readonly TextEncoder _between;
    private readonly LongestMatcher _names;
    private readonly IReadOnlyList<SpecialToken> _specials;

    public SpecialTokenEncoder(TextEncoder between, IReadOnlyList<SpecialToken> specials)
    {
        _between = between;
        _specials = [.. specials.Where(special => special.Content.Length > 0)];
        _names = new LongestMatcher([.. _specials.Select(special => special.Content)]);
    }

    public override void Encode(string text, List<int> ids)
    {
        int done = 0;
        for (int from = 0; _names.TryFind(text, from, out int start, out int name); from = done)
        {
            if (start > done)
            {
                _between.Encode(text[done..start], ids);
            }

            ids.Add(_specials[name].Id);
            done = start + _specials[name].Content.Length;
        }

        if (done < text.Length)
        {
            _between.Encode(text[done..], ids);
        }
    }
}
