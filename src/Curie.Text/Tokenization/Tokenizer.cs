using System.Buffers;
using System.Globalization;
using System.Text;
using Curie.Numerics;

namespace Curie.Text.Tokenization;

/// <summary>
/// A vocabulary and the way from text to its ids and back. Immutable, so safe to share between threads; encoders are not, so make one for
/// each thread.
/// </summary>
public abstract class Tokenizer
{
    private protected static readonly string[] BosNames = ["<|bos|>", "<s>", "<bos>", "[BOS]", "<|begin_of_text|>", "<|startoftext|>"];
    private protected static readonly string[] EosNames = ["<|eos|>", "</s>", "<eos>", "[EOS]", "<|end_of_text|>"];
    private protected const string EndOfText = "<|endoftext|>";

    private protected Tokenizer(string name) => Name = name;

    /// <summary>What error messages call the tokenizer.</summary>
    public string Name { get; }

    /// <summary>One more than the largest id, special tokens included: d_vocab.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The special tokens by id.</summary>
    public abstract IReadOnlyList<SpecialToken> Specials { get; }

    /// <summary>The ids of all tokens that are not special, ascending.</summary>
    public abstract IReadOnlyList<int> OrdinaryIds { get; }

    /// <summary>
    /// The token that begins every row: the special token named <c>&lt;|bos|&gt;</c>, <c>&lt;s&gt;</c>, … or, where there is none, the one
    /// that the tokenizer's own template puts first, <c>&lt;|endoftext|&gt;</c>, or the end-of-document token. Null if there is none.
    /// </summary>
    public abstract int? BosId { get; }

    /// <summary>
    /// The token between documents: <c>&lt;|eos|&gt;</c>, <c>&lt;/s&gt;</c>, … or, where there is none, the one that the tokenizer's own
    /// template puts last, <c>&lt;|endoftext|&gt;</c>, or <see cref="BosId"/>.
    /// </summary>
    public abstract int? EosId { get; }

    /// <summary>What the tokenizer is made of, in words: the kind of vocabulary, how text is cut, what is added.</summary>
    public abstract IReadOnlyList<TokenizerPart> Parts { get; }

    /// <summary>Makes an encoder, which remembers the words that it has seen.</summary>
    /// <param name="special">Whether special tokens in the text are text or tokens.</param>
    /// <param name="template">Whether the tokenizer's own template, such as a token at the beginning, is put around each text.</param>
    public abstract TextEncoder CreateEncoder(SpecialText special = SpecialText.Text, bool template = false);

    /// <summary>The text of tokens, as the library that the tokenizer comes from decodes them; special tokens are kept.</summary>
    /// <exception cref="InputException">An id has no token.</exception>
    public abstract string Decode(ReadOnlySpan<int> ids);

    /// <summary>
    /// The bytes that one token stands for inside a text, so that those of all tokens, one after another, are the text; a special token
    /// gives the UTF-8 of its name.
    /// </summary>
    /// <exception cref="InputException">The id has no token.</exception>
    public abstract ReadOnlySpan<byte> TokenBytes(int id);

    /// <summary>The text of one token with nothing in it that cannot be seen.</summary>
    /// <exception cref="InputException">The id has no token.</exception>
    public string Describe(int id) => PrintableText.Plain(Passage([id]));

    /// <summary>True if the id belongs to a special token.</summary>
    public abstract bool IsSpecial(int id);

    /// <summary>
    /// The token ids of a text, in which special tokens are text. For many texts make one encoder, which remembers words.
    /// </summary>
    /// <exception cref="InputException">The text has a character that the tokenizer has no token for.</exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<int> ids = new((text.Length / 3) + 1);
        CreateEncoder().Encode(text, ids);
        return [.. ids];
    }

    /// <summary>The bytes that tokens stand for inside a text, one after another.</summary>
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

    /// <summary>
    /// The text that tokens stand for inside a longer one: unlike <see cref="Decode"/>, a space before the first is kept. Bytes that are
    /// not UTF-8 become U+FFFD.
    /// </summary>
    /// <exception cref="InputException">An id has no token.</exception>
    public string Passage(ReadOnlySpan<int> ids) => Encoding.UTF8.GetString(DecodeBytes(ids));

    /// <summary>The id of a token that a user names.</summary>
    /// <param name="name">Its name or text, or <c>#</c> and its id.</param>
    /// <exception cref="InputException">There is no such token.</exception>
    public int FindToken(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name[0] == '#' && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            TokenBytes(number);
            return number;
        }

        if ((Find(Specials, [name]) ?? FindContent(name)) is { } id)
        {
            return id;
        }

        List<int> ids = [];
        CreateEncoder(SpecialText.Token).Encode(name, ids);
        return ids.Count == 1
            ? ids[0]
            : throw new InputException($"{Name} has no token {PrintableText.Quote(name)}; give the name of a token, or # and its id.");
    }

    /// <summary><see cref="BosId"/> where a row needs it.</summary>
    /// <exception cref="InputException">The tokenizer has no such special token.</exception>
    public int RequireBos() => BosId ?? throw NoSpecial("beginning-of-row", BosNames);

    /// <summary><see cref="EosId"/> where documents are joined.</summary>
    /// <exception cref="InputException">The tokenizer has no such special token.</exception>
    public int RequireEos() => EosId ?? throw NoSpecial("end-of-document", EosNames);

    private protected InputException NoToken(int id) =>
        new($"{Name} has no token with id {id}; use the tokenizer that made these token rows.");

    /// <summary>The ids of the tokens that begin rows and end documents, found by their names or else those of a template.</summary>
    private protected static (int? Bos, int? Eos) FindEnds(IReadOnlyList<SpecialToken> specials, int? first = null, int? last = null)
    {
        int? endOfText = Find(specials, [EndOfText]);
        int? bos = Find(specials, BosNames) ?? first;
        int? eos = Find(specials, EosNames) ?? last;
        return (bos ?? endOfText ?? eos, eos ?? endOfText ?? bos);
    }

    /// <summary>The token written so in the file; null if there is none.</summary>
    private protected virtual int? FindContent(string content) => null;

    private static int? Find(IReadOnlyList<SpecialToken> specials, string[] names)
    {
        foreach (string name in names)
        {
            if (specials.FirstOrDefault(special => special.Content == name) is { } special)
            {
                return special.Id;
            }
        }

        return null;
    }

    private InputException NoSpecial(string role, string[] names) =>
        new(
            $"{Name} has no {role} token; add one of {string.Join(", ", names)} or {EndOfText} to its added_tokens, with \"special\": true."
        );
}
