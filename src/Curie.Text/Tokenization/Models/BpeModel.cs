using System.Text;

namespace Curie.Text.Tokenization.Models;

/// <summary>
/// Byte-pair encoding: a word begins as its characters, or as its bytes in GPT-2's alphabet, and pairs are merged in order of rank.
/// </summary>
internal sealed class BpeModel : WordModel
{
    private readonly int[] _byteIds = new int[ByteAlphabet.Size];
    private readonly int[] _fallbackIds = new int[ByteAlphabet.Size];
    private readonly Dictionary<Rune, int> _characters = [];
    private readonly Lazy<int[]> _basicPlane;
    private readonly MergeTable _meetings;

    /// <summary>Creates the model.</summary>
    /// <param name="vocabulary">The tokens as they are written, and their ids.</param>
    /// <param name="merges">The merges.</param>
    /// <param name="pairs">The same merges as pairs of tokens, to see which characters they bring together.</param>
    /// <param name="options">What else it does.</param>
    public BpeModel(
        Dictionary<string, int> vocabulary,
        MergeTable merges,
        IEnumerable<(string Left, string Right)> pairs,
        BpeOptions options
    )
    {
        Vocabulary = vocabulary;
        Merges = merges;
        Options = options;
        foreach ((string token, int id) in vocabulary)
        {
            if (token.Length is 1 or 2 && Rune.TryGetRuneAt(token, 0, out Rune rune) && rune.Utf16SequenceLength == token.Length)
            {
                _characters[rune] = id;
            }
        }

        _meetings = new MergeTable([.. pairs.Select(pair => Meeting(pair.Left, pair.Right)).Distinct()]);
        _basicPlane = new Lazy<int[]>(() =>
            [.. Enumerable.Range(0, 1 << 16).Select(point => Rune.IsValid(point) ? _characters.GetValueOrDefault(new Rune(point), -1) : -1)]
        );

        AllBytes = true;
        bool utf8Bytes = true;
        for (int value = 0; value < ByteAlphabet.Size; value++)
        {
            bool known = vocabulary.TryGetValue(ByteAlphabet.Character((byte)value).ToString(), out _byteIds[value]);
            AllBytes &= known;
            utf8Bytes &= known || value is 0xC0 or 0xC1 or > 0xF4;
            _fallbackIds[value] = vocabulary.GetValueOrDefault($"<0x{value:X2}>", -1);
        }

        TakesBytes = utf8Bytes && options.ContinuingPrefix.Length == 0 && options.EndOfWordSuffix.Length == 0;
        UnknownId = options.Unknown is not null && vocabulary.TryGetValue(options.Unknown, out int unknown) ? unknown : -1;
    }

    public override Dictionary<string, int> Vocabulary { get; }

    /// <summary>Which pairs merge.</summary>
    public MergeTable Merges { get; }

    /// <summary>The merges in order of rank, where the file lists them.</summary>
    public IReadOnlyList<Merge> List { get; init; } = [];

    /// <summary>What error messages call the tokenizer.</summary>
    public string Owner { get; init; } = "the tokenizer";

    /// <summary>What else it does.</summary>
    public BpeOptions Options { get; }

    /// <summary>Whether every byte has a token.</summary>
    public bool AllBytes { get; }

    /// <summary>The token of unknown characters, or −1.</summary>
    public int UnknownId { get; }

    /// <summary>Whether every byte that UTF-8 can have has a token, and words are encoded as they are.</summary>
    public override bool TakesBytes { get; }

    public override string Description
    {
        get
        {
            List<string> parts = [$"BPE, {Vocabulary.Count} tokens, {Merges.Count} merges"];
            if (Options.IgnoreMerges)
            {
                parts.Add("words that are tokens are not merged");
            }

            if (Options.ByteFallback)
            {
                parts.Add("byte fallback");
            }

            if (UnknownId >= 0)
            {
                parts.Add($"unknown {PrintableText.Quote(Options.Unknown!)}{(Options.FuseUnknown ? ", fused" : "")}");
            }

            if (Options.ContinuingPrefix.Length > 0)
            {
                parts.Add($"continuing prefix {PrintableText.Quote(Options.ContinuingPrefix)}");
            }

            if (Options.EndOfWordSuffix.Length > 0)
            {
                parts.Add($"end-of-word suffix {PrintableText.Quote(Options.EndOfWordSuffix)}");
            }

            return string.Join(", ", parts);
        }
    }

    public override IWordEncoder CreateEncoder() => new BpeCharacterEncoder(this);

    /// <summary>The token of a byte.</summary>
    public int ByteId(byte value) => _byteIds[value];

    /// <summary>The token that stands for a byte of a character without a token, or −1.</summary>
    public int FallbackId(byte value) => _fallbackIds[value];

    /// <summary>The token of a character alone, or −1.</summary>
    public int CharacterId(Rune rune) => rune.IsBmp ? _basicPlane.Value[rune.Value] : _characters.GetValueOrDefault(rune, -1);

    /// <summary>
    /// Whether some merge can bring these characters together. Where none can, a word falls into parts that do not see each other.
    /// </summary>
    public bool CanMeet(Rune left, Rune right) => _meetings.TryRank(left.Value, right.Value, out _, out _);

    private static Merge Meeting(string left, string right)
    {
        Rune.DecodeLastFromUtf16(left, out Rune last, out _);
        Rune.DecodeFromUtf16(right, out Rune first, out _);
        return new Merge(last.Value, first.Value, 0);
    }
}
