using System.Text;
using Curie.Numerics;

namespace Curie.Text.Tokenization.Models;

/// <summary>Byte-pair encoding of the characters of words, as Hugging Face's library does it, unknown characters included.</summary>
internal sealed class BpeCharacterEncoder : IWordEncoder
{
    private const int None = -1;
    private readonly BpeModel _model;
    private readonly WordMerger _merger;
    private readonly WordCache _cache = new();
    private readonly WordCache _parts = new();
    private readonly List<int> _symbols = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _vocabulary;
    private readonly bool _cuts;

    public BpeCharacterEncoder(BpeModel model)
    {
        _model = model;
        _merger = new WordMerger(model.Merges);
        _vocabulary = model.Vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _cuts = model.Options.ContinuingPrefix.Length == 0 && model.Options.EndOfWordSuffix.Length == 0;
    }

    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.IsEmpty || _cache.TryAppend(word, ids))
        {
            return;
        }

        int from = ids.Count;
        if (_model.Options.IgnoreMerges && _vocabulary.TryGetValue(word, out int id))
        {
            ids.Add(id);
        }
        else
        {
            EncodeParts(word, ids);
        }

        _cache.Remember(word, ids, from);
    }

    /// <summary>
    /// Cuts a word where no merge can reach across, so that a whole text without spaces is its words, which are remembered.
    /// </summary>
    private void EncodeParts(ReadOnlySpan<char> word, List<int> ids)
    {
        int start = 0;
        int at = 0;
        Rune previous = default;
        bool known = false;
        while (at < word.Length && _cuts)
        {
            Rune.DecodeFromUtf16(word[at..], out Rune rune, out int length);
            bool isKnown = _model.CharacterId(rune) >= 0;
            if (at > start && known && isKnown && !_model.CanMeet(previous, rune))
            {
                EncodePart(word[start..at], ids);
                start = at;
            }

            (previous, known) = (rune, isKnown);
            at += length;
        }

        EncodePart(word[start..], ids);
    }

    private void EncodePart(ReadOnlySpan<char> part, List<int> ids)
    {
        if (_cuts && _parts.TryAppend(part, ids))
        {
            return;
        }

        int from = ids.Count;
        _symbols.Clear();
        Start(part);
        _symbols.CopyTo(_merger.Symbols(_symbols.Count));
        _merger.Merge(_symbols.Count, ids);
        if (_cuts)
        {
            _parts.Remember(part, ids, from);
        }
    }

    /// <summary>The tokens of the characters. One that is unknown waits for the next that is known; bytes do not let it go first.</summary>
    private void Start(ReadOnlySpan<char> word)
    {
        int waiting = None;
        int at = 0;
        while (at < word.Length)
        {
            Rune.DecodeFromUtf16(word[at..], out Rune rune, out int length);
            int id = _cuts ? _model.CharacterId(rune) : Decorated(word.Slice(at, length), at == 0, at + length == word.Length);
            bool isLast = at + length == word.Length;
            bool isFirst = at == 0;
            at += length;
            if (id != None)
            {
                Release(ref waiting);
                _symbols.Add(id);
            }
            else if (!(_model.Options.ByteFallback && TryBytes(rune, isFirst, isLast)) && _model.Options.Unknown is not null)
            {
                RequireUnknown(rune);
                if (!_model.Options.FuseUnknown)
                {
                    Release(ref waiting);
                }

                waiting = _model.UnknownId;
            }
        }

        Release(ref waiting);
    }

    private void RequireUnknown(Rune rune)
    {
        if (_model.UnknownId == None)
        {
            throw new InputException(
                $"{_model.Owner} has no token for the character {PrintableText.Quote(rune.ToString())}, and its \"unk_token\" is not "
                    + "in its "
                    + "vocabulary; add it there."
            );
        }
    }

    private void Release(ref int waiting)
    {
        if (waiting != None)
        {
            _symbols.Add(waiting);
            waiting = None;
        }
    }

    private int Decorated(ReadOnlySpan<char> character, bool isFirst, bool isLast) =>
        _vocabulary.TryGetValue(Written(character.ToString(), isFirst, isLast), out int id) ? id : None;

    private string Written(string character, bool isFirst, bool isLast) =>
        $"{(isFirst ? "" : _model.Options.ContinuingPrefix)}{character}{(isLast ? _model.Options.EndOfWordSuffix : "")}";

    /// <summary>The bytes of an unknown character, if all of them have tokens.</summary>
    private bool TryBytes(Rune rune, bool isFirst, bool isLast)
    {
        int before = _symbols.Count;
        foreach (byte value in Encoding.UTF8.GetBytes(Written(rune.ToString(), isFirst, isLast)))
        {
            int id = _model.FallbackId(value);
            if (id == None)
            {
                _symbols.RemoveRange(before, _symbols.Count - before);
                return false;
            }

            _symbols.Add(id);
        }

        return true;
    }
}
