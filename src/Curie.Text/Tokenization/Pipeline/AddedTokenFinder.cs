using System.Text;
using Curie.Text.Tokenization.Patterns;

namespace Curie.Text.Tokenization.Pipeline;

/// <summary>
/// Finds added tokens in a text, the leftmost first and the longest among those, as Hugging Face's library does: one that does not count is
/// passed over whole.
/// </summary>
internal sealed class AddedTokenFinder
{
    private readonly IReadOnlyList<AddedToken> _tokens;
    private readonly IReadOnlyList<string> _contents;
    private readonly LongestMatcher _matcher;

    /// <summary>Looks for tokens.</summary>
    /// <param name="tokens">The tokens; of those with the same content the first counts.</param>
    /// <param name="contents">What to look for, for each of them.</param>
    public AddedTokenFinder(IReadOnlyList<AddedToken> tokens, IReadOnlyList<string> contents)
    {
        _tokens = tokens;
        _contents = contents;
        _matcher = new LongestMatcher(contents);
    }

    /// <summary>Whether there is nothing to look for.</summary>
    public bool IsEmpty => _tokens.Count == 0;

    /// <summary>Appends the tokens found, and the text between them with the id −1, which is never empty.</summary>
    public void Find(ReadOnlySpan<char> text, bool specialIsText, List<(int Start, int Length, int Id)> parts)
    {
        int done = 0;
        for (int from = 0; _matcher.TryFind(text, from, out int start, out int index); )
        {
            AddedToken token = _tokens[index];
            int stop = start + _contents[index].Length;
            from = stop;
            if ((specialIsText && token.IsSpecial) || (token.SingleWord && (EndsWithWord(text[..start]) || BeginsWithWord(text[stop..]))))
            {
                continue;
            }

            if (token.StripsLeft)
            {
                start = Math.Max(done, text[..start].TrimEnd().Length);
            }

            if (token.StripsRight)
            {
                stop = text.Length - text[stop..].TrimStart().Length;
            }

            if (stop <= start)
            {
                // Another token took all of it.
                continue;
            }

            if (done < start)
            {
                parts.Add((done, start - done, -1));
            }

            parts.Add((start, stop - start, token.Id));
            done = stop;
        }

        if (done < text.Length)
        {
            parts.Add((done, text.Length - done, -1));
        }
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == System.Buffers.OperationStatus.Done && WordCharacters.Contains(rune);

    private static bool BeginsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune rune, out _) == System.Buffers.OperationStatus.Done && WordCharacters.Contains(rune);
}
