using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Curie.Numerics;

namespace Curie.Text.Tokenization.Patterns;

/// <summary>
/// A regular expression whose characters are code points. .NET's see UTF-16 units, so a text with characters beyond the basic plane is
/// searched in a copy in which each of them is one unit of the same general category; the translation gives nothing but categories and
/// characters of the basic plane to tell them by.
/// </summary>
internal sealed class RegexPattern : ITextPattern
{
    private const int CompileAfter = 1 << 18;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly string _pattern;
    private readonly string _owner;
    private readonly TranslatedRegex _translated;
    private Regex _regex;
    private bool _compiled;
    private long _searched;

    /// <summary>Translates a pattern.</summary>
    /// <param name="pattern">As the file has it.</param>
    /// <param name="dialect">Whose it is.</param>
    /// <param name="owner">What error messages call the tokenizer.</param>
    /// <exception cref="InputException">The pattern is no regular expression, or uses what is not supported.</exception>
    public RegexPattern(string pattern, RegexDialect dialect, string owner)
    {
        _pattern = pattern;
        _owner = owner;
        _translated = RegexTranslator.Translate(pattern, dialect, owner);
        _regex = Create(RegexOptions.None);
    }

    public bool IsOneCharacter => false;

    public string Description => $"the pattern {PrintableText.Quote(_pattern)}";

    public void Cut(ReadOnlySpan<char> text, List<TextRange> ranges)
    {
        CompileIfWorthWhile(text.Length);
        try
        {
            if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            {
                Search(text, ranges, []);
            }
            else
            {
                SearchCopy(text, ranges);
            }
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new InputException(
                $"{_owner}: the search for {Description} took longer than {Patience.TotalSeconds} seconds; it cannot be used on such "
                    + "a text.",
                error
            );
        }
    }

    private void SearchCopy(ReadOnlySpan<char> text, List<TextRange> ranges)
    {
        char[] copy = ArrayPool<char>.Shared.Rent(text.Length);
        int[] places = ArrayPool<int>.Shared.Rent(text.Length + 1);
        try
        {
            int length = 0;
            int at = 0;
            foreach (Rune rune in text.EnumerateRunes())
            {
                places[length] = at;
                copy[length++] = rune.IsBmp ? (char)rune.Value : _translated.StandIn(rune);
                at += rune.Utf16SequenceLength;
            }

            places[length] = at;
            Search(copy.AsSpan(0, length), ranges, places);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(copy);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    /// <summary>An empty match right behind another does not count, as in the libraries.</summary>
    private void Search(ReadOnlySpan<char> text, List<TextRange> ranges, ReadOnlySpan<int> places)
    {
        int done = 0;
        bool matched = false;
        foreach (ValueMatch match in _regex.EnumerateMatches(text))
        {
            if (match.Length == 0 && matched && match.Index == done)
            {
                continue;
            }

            if (match.Index > done)
            {
                Add(done, match.Index, false, ranges, places);
            }

            Add(match.Index, match.Index + match.Length, true, ranges, places);
            done = match.Index + match.Length;
            matched = true;
        }

        if (done < text.Length)
        {
            Add(done, text.Length, false, ranges, places);
        }
    }

    private static void Add(int start, int end, bool isMatch, List<TextRange> ranges, ReadOnlySpan<int> places)
    {
        (start, end) = places.IsEmpty ? (start, end) : (places[start], places[end]);
        ranges.Add(new TextRange(start, end - start, isMatch));
    }

    /// <summary>Compiling costs more than a short text takes.</summary>
    private void CompileIfWorthWhile(int length)
    {
        if (!Volatile.Read(ref _compiled) && Interlocked.Add(ref _searched, length) >= CompileAfter)
        {
            Volatile.Write(ref _compiled, true);
            _regex = Create(RegexOptions.Compiled);
        }
    }

    private Regex Create(RegexOptions options)
    {
        try
        {
            return new Regex(_translated.Pattern, options | RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException error)
        {
            throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"{_owner} has {Description}, which is not a regular expression; correct it."),
                error
            );
        }
    }
}
