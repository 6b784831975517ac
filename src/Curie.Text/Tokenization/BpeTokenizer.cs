using System.Buffers;
using System.Text;
using Curie.Numerics;

namespace Curie.Text.Tokenization;

/// <summary>
/// A byte-level byte-pair-encoding tokenizer in the manner of GPT-2. Any bytes encode and decode back exactly. Immutable, so safe to
/// share between threads. The text of a special token inside a document is encoded as ordinary text: documents cannot forge one.
/// </summary>
public sealed class BpeTokenizer
{
    private static readonly string[] BosNames = ["<|bos|>", "<s>", "<bos>", "[BOS]", "<|begin_of_text|>", "<|startoftext|>"];
    private static readonly string[] EosNames = ["<|eos|>", "</s>", "<eos>", "[EOS]", "<|end_of_text|>"];
    private readonly byte[]?[] _tokens;
    private readonly SpecialToken[] _specials;
    private readonly Dictionary<ulong, (int Rank, int Result)> _ranks;
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
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(merges);
        ArgumentNullException.ThrowIfNull(specials);
        _tokens = [.. tokens];
        _specials = [.. specials.OrderBy(special => special.Id)];
        Merges = [.. merges];
        Name = name;
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

        _ranks = new Dictionary<ulong, (int, int)>(merges.Count);
        for (int rank = 0; rank < Merges.Count; rank++)
        {
            _ranks.TryAdd(Merge.Pair(Merges[rank].Left, Merges[rank].Right), (rank, Merges[rank].Result));
        }

        FindByteIds();
        int? endOfText = FindSpecial(["<|endoftext|>"]);
        BosId = FindSpecial(BosNames) ?? endOfText ?? FindSpecial(EosNames);
        EosId = FindSpecial(EosNames) ?? endOfText ?? FindSpecial(BosNames);
        OrdinaryIds = [.. Enumerable.Range(0, VocabularySize).Where(id => _tokens[id] is not null)];
    }

    /// <summary>What error messages call the tokenizer.</summary>
    public string Name { get; }

    /// <summary>One more than the largest id, special tokens included: d_vocab.</summary>
    public int VocabularySize { get; }

    /// <summary>The merges in order of rank.</summary>
    public IReadOnlyList<Merge> Merges { get; }

    /// <summary>The special tokens by id.</summary>
    public IReadOnlyList<SpecialToken> Specials => _specials;

    /// <summary>The ids of all tokens that are not special, ascending.</summary>
    public IReadOnlyList<int> OrdinaryIds { get; }

    /// <summary>
    /// The token that begins every row: the special token named <c>&lt;|bos|&gt;</c>, <c>&lt;s&gt;</c>, … or, where there is none,
    /// <c>&lt;|endoftext|&gt;</c> or the end-of-document token. Null if there is no such special token at all.
    /// </summary>
    public int? BosId { get; }

    /// <summary>
    /// The token between documents: <c>&lt;|eos|&gt;</c>, <c>&lt;/s&gt;</c>, … or, where there is none, <c>&lt;|endoftext|&gt;</c> or
    /// <see cref="BosId"/>.
    /// </summary>
    public int? EosId { get; }

    /// <summary>The token ids of a text. For many texts use one <see cref="BpeEncoder"/>, which remembers words.</summary>
    public int[] Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    /// <summary>The token ids of bytes, which need not be UTF-8.</summary>
    public int[] Encode(ReadOnlySpan<byte> bytes)
    {
        List<int> ids = new((bytes.Length / 3) + 1);
        new BpeEncoder(this).Encode(bytes, ids);
        return [.. ids];
    }

    /// <summary>The bytes of ordinary tokens, exactly; a special token gives the UTF-8 of its name.</summary>
    /// <exception cref="InputException">An id has no token.</exception>
    public byte[] DecodeBytes(ReadOnlySpan<int> ids)
    {
        ArrayBufferWriter<byte> bytes = new((ids.Length * 4) + 1);
        foreach (int id in ids)
        {
            bytes.Write(TokenBytes(id));
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The text of tokens; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="InputException">An id has no token.</exception>
    public string Decode(ReadOnlySpan<int> ids) => Encoding.UTF8.GetString(DecodeBytes(ids));

    /// <summary>The bytes of one token; a special token gives the UTF-8 of its name.</summary>
    /// <exception cref="InputException">The id has no token.</exception>
    public ReadOnlySpan<byte> TokenBytes(int id)
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

        throw new InputException($"{Name} has no token with id {id}; use the tokenizer that made these token rows.");
    }

    /// <summary>True if the id belongs to a special token.</summary>
    public bool IsSpecial(int id) => Array.Exists(_specials, special => special.Id == id);

    /// <summary><see cref="BosId"/> where a row needs it.</summary>
    /// <exception cref="InputException">The tokenizer has no such special token.</exception>
    public int RequireBos() => BosId ?? throw NoSpecial("beginning-of-row", BosNames);

    /// <summary><see cref="EosId"/> where documents are joined.</summary>
    /// <exception cref="InputException">The tokenizer has no such special token.</exception>
    public int RequireEos() => EosId ?? throw NoSpecial("end-of-document", EosNames);

    internal int ByteId(byte value) => _byteIds[value];

    internal bool TryRank(int left, int right, out int rank, out int result)
    {
        bool found = _ranks.TryGetValue(Merge.Pair(left, right), out (int Rank, int Result) merge);
        (rank, result) = merge;
        return found;
    }

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

    private int? FindSpecial(string[] names)
    {
        foreach (string name in names)
        {
            if (Array.Find(_specials, special => special.Content == name) is { } special)
            {
                return special.Id;
            }
        }

        return null;
    }

    private InputException NoSpecial(string role, string[] names) =>
        new(
            $"{Name} has no {role} token; add one of {string.Join(", ", names)} or <|endoftext|> to its added_tokens, with \"special\": "
                + "true."
        );
}
