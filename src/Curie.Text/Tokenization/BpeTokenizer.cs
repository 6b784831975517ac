using System.Text;
using Curie.Numerics;
using Curie.Text.Tokenization.Models;

namespace Curie.Text.Tokenization;

/// <summary>
/// A byte-level byte-pair-encoding tokenizer in the manner of GPT-2. Any bytes encode and decode back exactly. Immutable, so safe to
/// share between threads. The text of a special token inside a document is encoded as ordinary text: documents cannot forge one.
/// </summary>
public sealed class BpeTokenizer : Tokenizer
{
    private readonly byte[]?[] _tokens;
    private readonly SpecialToken[] _specials;
    private readonly int[] _byteIds = new int[ByteAlphabet.Size];

    /// <summary>Creates the tokenizer.</summary>
    /// <param name="tokens">The bytes of every ordinary token by id; null where an id is special or unused.</param>
    /// <param name="merges">The merges, the first to be applied first.</param>
    /// <param name="specials">The special tokens.</param>
    /// <param name="name">What error messages call it, e.g. the file it was read from.</param>
    /// <exception cref="InputException">A byte has no token, or a special token has a negative id.</exception>
    public BpeTokenizer(
        IReadOnlyList<byte[]?> tokens,
        IReadOnlyList<Merge> merges,
        IReadOnlyList<SpecialToken> specials,
        string name = "the tokenizer"
    )
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(merges);
        ArgumentNullException.ThrowIfNull(specials);
        _tokens = [.. tokens];
        _specials = [.. specials.OrderBy(special => special.Id)];
        Merges = [.. merges];
        VocabularySize = Math.Max(_tokens.Length, _specials.Length == 0 ? 0 : _specials[^1].Id + 1);
        Array.Resize(ref _tokens, VocabularySize);
        foreach (SpecialToken special in _specials)
        {
            if (special.Id < 0)
            {
                throw new InputException($"{name} gives the special token {special.Content} the id {special.Id}; ids are 0 or more.");
            }

            _tokens[special.Id] = null;
        }

        MergeTable = new MergeTable(Merges);
        FindByteIds();
        (BosId, EosId) = FindEnds(_specials);
        OrdinaryIds = [.. Enumerable.Range(0, VocabularySize).Where(id => _tokens[id] is not null)];
    }

    /// <inheritdoc/>
    public override int VocabularySize { get; }

    /// <summary>The merges in order of rank.</summary>
    public IReadOnlyList<Merge> Merges { get; }

    /// <summary>The merges by the pair that they merge.</summary>
    internal MergeTable MergeTable { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<SpecialToken> Specials => _specials;

    /// <inheritdoc/>
    public override IReadOnlyList<int> OrdinaryIds { get; }

    /// <inheritdoc/>
    public override int? BosId { get; }

    /// <inheritdoc/>
    public override int? EosId { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TokenizerPart> Parts =>
        [new("model", $"byte-level BPE, {Merges.Count} merges"), new("pre-tokenizer", "GPT-2's regular expression")];

    /// <inheritdoc/>
    public override TextEncoder CreateEncoder(SpecialText special = SpecialText.Text, bool template = false) =>
        special == SpecialText.Text || _specials.Length == 0
            ? new BpeEncoder(this)
            : new SpecialTokenEncoder(new BpeEncoder(this), _specials);

    /// <summary>The token ids of bytes, which need not be UTF-8.</summary>
    public int[] Encode(ReadOnlySpan<byte> bytes)
    {
        List<int> ids = new((bytes.Length / 3) + 1);
        new BpeEncoder(this).Encode(bytes, ids);
        return [.. ids];
    }

    /// <summary>The text of tokens; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="InputException">An id has no token.</exception>
    public override string Decode(ReadOnlySpan<int> ids) => Passage(ids);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> TokenBytes(int id)
    {
        if ((uint)id < (uint)_tokens.Length)
        {
            if (_tokens[id] is { } bytes)
            {
                return bytes;
            }

            if (Array.Find(_specials, special => special.Id == id) is { } special)
            {
                return Encoding.UTF8.GetBytes(special.Content);
            }
        }

        throw NoToken(id);
    }

    /// <inheritdoc/>
    public override bool IsSpecial(int id) => Array.Exists(_specials, special => special.Id == id);

    internal int ByteId(byte value) => _byteIds[value];

    private void FindByteIds()
    {
        Array.Fill(_byteIds, -1);
        for (int id = 0; id < _tokens.Length; id++)
        {
            if (_tokens[id] is [byte value])
            {
                _byteIds[value] = id;
            }
        }

        int missing = Array.IndexOf(_byteIds, -1);
        if (missing >= 0)
        {
            throw new InputException($"{Name} has no token for the byte 0x{missing:X2}; a byte-level vocabulary needs all 256 of them.");
        }
    }
}
