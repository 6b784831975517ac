using System.Buffers.Binary;
using System.Text;
using Curie.Tests;
using Curie.Text.Tokenization;

namespace Curie.Text.Tests.Tokenization.Reading;

/// <summary>Tokenizers that are no <c>tokenizer.json</c>, and how one is found in a folder.</summary>
public sealed class OtherTokenizerFileTests : IDisposable
{
    // pickle.dumps({'vocab_size': 10, 'itos': {i: c}, 'stoi': {c: i}}, protocol) of Python 3.13, for the characters "\n !abcdeé🙂".
    private static readonly string[] Pickles =
    [
        "KGRwMApWdm9jYWJfc2l6ZQpwMQpJMTAKc1ZpdG9zCnAyCihkcDMKSTAKVlx1MDAwYQpwNApzSTEKViAKcDUKc0kyClYhCnA2CnNJMwpWYQpwNwpzSTQKVmIKcDgKc0k1"
            + "ClZjCnA5CnNJNgpWZApwMTAKc0k3ClZlCnAxMQpzSTgKVukKcDEyCnNJOQpWXFUwMDAxZjY0MgpwMTMKc3NWc3RvaQpwMTQKKGRw"
            + "MTUKZzQKSTAKc2c1CkkxCnNnNgpJ"
            + "MgpzZzcKSTMKc2c4Ckk0CnNnOQpJNQpzZzEwCkk2CnNnMTEKSTcKc2cxMgpJOApzZzEzCkk5CnNzLg==",
        "fXEAKFgKAAAAdm9jYWJfc2l6ZXEBSwpYBAAAAGl0b3NxAn1xAyhLAFgBAAAACnEESwFYAQAAACBxBUsCWAEAAAAhcQZLA1gBAAAAYXEHSwRYAQAAAGJxCEsFWAEAAABj"
            + "cQlLBlgBAAAAZHEKSwdYAQAAAGVxC0sIWAIAAADDqXEMSwlYBAAAAPCfmYJxDXVYBAAAAHN0b2lxDn1xDyhoBEsAaAVLAWgGSwJo"
            + "B0sDaAhLBGgJSwVoCksGaAtLB2gM"
            + "SwhoDUsJdXUu",
        "gAJ9cQAoWAoAAAB2b2NhYl9zaXplcQFLClgEAAAAaXRvc3ECfXEDKEsAWAEAAAAKcQRLAVgBAAAAIHEFSwJYAQAAACFxBksDWAEAAABhcQdLBFgBAAAAYnEISwVYAQAA"
            + "AGNxCUsGWAEAAABkcQpLB1gBAAAAZXELSwhYAgAAAMOpcQxLCVgEAAAA8J+ZgnENdVgEAAAAc3RvaXEOfXEPKGgESwBoBUsBaAZL"
            + "AmgHSwNoCEsEaAlLBWgKSwZoC0sH"
            + "aAxLCGgNSwl1dS4=",
        "gASVkgAAAAAAAAB9lCiMCnZvY2FiX3NpemWUSwqMBGl0b3OUfZQoSwCMAQqUSwGMASCUSwKMASGUSwOMAWGUSwSMAWKUSwWMAWOUSwaMAWSUSweMAWWUSwiMAsOplEsJ"
            + "jATwn5mClHWMBHN0b2mUfZQoaARLAGgFSwFoBksCaAdLA2gISwRoCUsFaApLBmgLSwdoDEsIaA1LCXV1Lg==",
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Protocols { get; } = [.. Enumerable.Range(0, Pickles.Length)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_vocabulary_of_nanoGPT_is_its_characters(int pickle)
    {
        File.WriteAllBytes(_folder.File("meta.pkl"), Convert.FromBase64String(Pickles[pickle]));
        Tokenizer tokenizer = TokenizerFile.Load(_folder.Path);
        IsOfTenCharacters(tokenizer);
        Refusal.Says($"{_folder.File("meta.pkl")} has no token for the character \"z\"; give a text of its characters.", () =>
            tokenizer.Encode("az")
        );
    }

    [Theory]
    [InlineData("""["\n", " ", "!", "a", "b", "c", "d", "e", "é", "🙂"]""")]
    [InlineData("""{"itos": ["\n", " ", "!", "a", "b", "c", "d", "e", "é", "🙂"]}""")]
    [InlineData("""{"itos": {"9": "🙂", "0": "\n", "1": " ", "2": "!", "3": "a", "4": "b", "5": "c", "6": "d", "7": "e", "8": "é"}}""")]
    [InlineData("""{"stoi": {"🙂": 9, "\n": 0, " ": 1, "!": 2, "a": 3, "b": 4, "c": 5, "d": 6, "e": 7, "é": 8}}""")]
    [InlineData("""{"🙂": 9, "\n": 0, " ": 1, "!": 2, "a": 3, "b": 4, "c": 5, "d": 6, "e": 7, "é": 8}""")]
    public void A_vocabulary_of_characters_may_be_JSON(string json)
    {
        File.WriteAllText(_folder.File("meta.json"), json);
        IsOfTenCharacters(TokenizerFile.Load(_folder.Path));
    }

    [Theory]
    [InlineData("""{"itos": ["h", "e"], "stoi": {"h": 1, "e": 0}}""", "about \"h\"")]
    [InlineData("""{"itos": {"0": "h", "1": "e"}, "stoi": {"h": 0, "e": 1, "l": 2}}""", "about \"l\"")]
    [InlineData("""{"itos": ["h", "e"], "stoi": {"h": 0}}""", "")]
    public void Tables_that_do_not_lead_back_are_refused(string json, string which) => DoesNotLeadBack("meta.json", json, which);

    // {'stoi': {'h': 0, 'e': 1}, 'itos': {0: 'e', 1: 'h'}}, and 'stoi': 0, in protocol 0.
    [Theory]
    [InlineData("(dVstoi\n(dVh\nI0\nsVe\nI1\nssVitos\n(dI0\nVe\nsI1\nVh\nss.", "about \"h\"")]
    [InlineData("(dVstoi\nI0\nsVitos\n(dI0\nVe\nsI1\nVh\nss.", "")]
    public void Tables_of_a_pickle_that_do_not_lead_back_are_refused(string pickle, string which) =>
        DoesNotLeadBack("meta.pkl", pickle, which);

    private void DoesNotLeadBack(string name, string content, string which)
    {
        File.WriteAllText(_folder.File(name), content);
        Refusal.Says(
            $"{_folder.File(name)} has tables \"stoi\" and \"itos\" that do not agree{(which.Length > 0 ? " " : "")}{which}, so that text "
                + "would not come back from its ids; write both again from one list of characters.",
            () => TokenizerFile.Load(_folder.Path)
        );
    }

    [Theory]
    [InlineData("tokenizer.json", "", "is empty; write or copy it again.")]
    [InlineData("tokenizer.json", " \n", "is empty; write or copy it again.")]
    [InlineData("meta.pkl", "", "is empty; write or copy it again.")]
    [InlineData(
        "tokenizer.json",
        "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n",
        "is a Git LFS pointer, not the file itself; run `git lfs pull`."
    )]
    [InlineData("tokenizer.json", "<!DOCTYPE html>\n<html>", "is a web page, not a file of a model; download the file itself.")]
    public void Files_of_something_else_are_told_apart(string name, string content, string message)
    {
        File.WriteAllText(_folder.File(name), content);
        Refusal.Says($"{_folder.File(name)} {message}", () => TokenizerFile.Load(_folder.Path));
    }

    [Fact]
    public void Merges_that_are_a_pointer_are_told_apart()
    {
        File.WriteAllText(_folder.File("vocab.json"), """{"a": 0, "b": 1, "ab": 2}""");
        File.WriteAllText(_folder.File("merges.txt"), "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n");
        Refusal.Says($"{_folder.File("merges.txt")} is a Git LFS pointer, not the file itself; run `git lfs pull`.", () =>
            TokenizerFile.Load(_folder.Path)
        );
    }

    [Fact]
    public void A_pickle_that_names_a_class_is_refused_and_nothing_runs()
    {
        // cos\nsystem\n(S'touch x'\ntR.
        File.WriteAllText(_folder.File("meta.pkl"), "\x80\u0002cos\nsystem\n(S'touch x'\ntR.", Encoding.Latin1);
        Refusal.Says(
            $"{_folder.File("meta.pkl")} is a pickle with the instruction 0x63, which is not of plain data, at byte 3; give nanoGPT's "
                + "meta.pkl, "
                + "which holds dictionaries of characters and numbers.",
            () => TokenizerFile.Load(_folder.Path)
        );
    }

    /// <summary>
    /// Merges by score, the highest first: of "abc", "bc" (−1) before "ab" (−2), so "a" and "bc", and these are no token. Worked by hand.
    /// </summary>
    [Fact]
    public void A_tokenizer_of_llama2c_merges_by_score()
    {
        string path = _folder.File("tokenizer.bin");
        (string, float)[] tokens =
        [
            ("<unk>", 0),
            ("\n<s>\n", 0),
            ("\n</s>\n", 0),
            .. Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f)),
            ("ab", -2),
            ("bc", -1),
            (" a", -3),
            (" ", -4),
            ("a", -5),
            ("b", -6),
            ("c", -7),
            ("é", -8),
        ];
        WriteBin(path, tokens);
        Tokenizer tokenizer = TokenizerFile.Load(path);

        Assert.Equal([261, 260], tokenizer.Encode("abc"));
        Assert.Equal([262, 259, 262, 259], tokenizer.Encode("ab ab"));
        Assert.Equal([262, 266, 3 + 0xC3, 3 + 0x9F], tokenizer.Encode("éß"));
        Assert.Empty(tokenizer.Encode(""));
        Assert.Equal("abc", tokenizer.Decode([1, 261, 260])["<s>".Length..].TrimStart());
        Assert.Equal("éß", tokenizer.Decode(tokenizer.Encode("éß")));
        Assert.Equal((1, 2), (tokenizer.BosId, tokenizer.EosId));
        List<int> ids = [];
        tokenizer.CreateEncoder(SpecialText.Token, template: true).Encode("a", ids);
        Assert.Equal([1, 261], ids);

        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^3]);
        Refusal.Says($"{path} is damaged at token 266; give llama2.c's tokenizer.bin, whole.", () => TokenizerFile.Load(path));
    }

    [Fact]
    public void A_tiktoken_file_needs_a_pattern_that_is_known()
    {
        string path = _folder.File("mine.tiktoken");
        File.WriteAllLines(path, Enumerable.Range(0, 256).Select(value => $"{Convert.ToBase64String([(byte)value])} {value}"));
        string refusal = Assert.Throws<Curie.Numerics.InputException>(() => TokenizerFile.Load(path)).Message;
        Assert.StartsWith(
            $"{path} is a tiktoken file, which does not say how text is cut into words; name its `pattern`, one of gpt2, ",
            refusal,
            StringComparison.Ordinal
        );
        Tokenizer tokenizer = TokenizerFile.Load(path, "gpt2");
        Assert.Equal([(int)'h', 'i', 256], tokenizer.Encode("hi").Append(tokenizer.EosId!.Value));
        Assert.Equal([256], Special(tokenizer, "<|endoftext|>"));

        // What a pattern of one's own does not match is left out, as tiktoken does.
        Assert.Equal([(int)'a', 'b'], TokenizerFile.Load(path, "[a-z]+").Encode("a b"));
        File.AppendAllText(path, "!! 256\n");
        Refusal.Says($"{path} has line 257, which is not a token in base 64, a space and a rank; give a file of tiktoken's format.", () =>
            TokenizerFile.Load(path, "gpt2")
        );
    }

    [Fact]
    public void A_model_of_SentencePiece_is_refused_with_advice()
    {
        File.WriteAllBytes(_folder.File("tokenizer.model"), [0x0A, 0x0E, 0x0A, 0x05, .. "<unk>"u8, 0x15, 0, 0, 0, 0, 0x18, 2]);
        Refusal.Says(
            $"{_folder.File("tokenizer.model")} is a SentencePiece model, which Curie does not read; save the tokenizer with Hugging Face "
                + "transformers (AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)), which writes a tokenizer.json.",
            () => TokenizerFile.Load(_folder.Path)
        );
    }

    [Fact]
    public void A_folder_has_its_tokenizer_by_name()
    {
        Assert.Null(TokenizerFile.Find(_folder.File("none")));
        Assert.Null(TokenizerFile.Find(_folder.Path));
        Refusal.Says(
            $"{_folder.Path} is a folder without a tokenizer; put tokenizer.json, vocab.json with merges.txt, a .tiktoken file, "
                + "tokenizer.bin or "
                + "meta.pkl there.",
            () => TokenizerFile.Load(_folder.Path)
        );
        foreach (string name in (string[])["tokenizer.model", "a.tiktoken", "meta.json", "meta.pkl", "tokenizer.bin", "vocab.json"])
        {
            File.WriteAllText(_folder.File(name), "");
            Assert.Equal(name == "vocab.json" ? "tokenizer.bin" : name, Path.GetFileName(TokenizerFile.Find(_folder.Path)));
        }

        File.WriteAllText(_folder.File("merges.txt"), "");
        Assert.Equal("vocab.json", Path.GetFileName(TokenizerFile.Find(_folder.Path)));
        File.WriteAllText(_folder.File("tokenizer.json"), "");
        Assert.Equal("tokenizer.json", Path.GetFileName(TokenizerFile.Find(_folder.Path)));
    }

    [Fact]
    public void Two_files_of_GPT2_follow_the_settings_beside_them()
    {
        foreach (string name in (string[])["vocab.json", "merges.txt"])
        {
            File.Copy(Path.Combine(FixtureTokenizers.Folder("gpt2-vocab-merges"), name), _folder.File(name));
        }

        File.WriteAllText(
            _folder.File("tokenizer_config.json"),
            """{"bos_token": {"content": "<|endoftext|>"}, "eos_token": "!", "add_bos_token": true, "add_prefix_space": true}"""
        );
        Tokenizer tokenizer = TokenizerFile.Load(_folder.Path);
        Tokenizer plain = TokenizerFile.Load(Path.Combine(FixtureTokenizers.Folder("gpt2-vocab-merges"), "vocab.json"));
        Assert.Equal((0, 1), (tokenizer.BosId, tokenizer.EosId));
        List<int> ids = [];
        tokenizer.CreateEncoder(template: true).Encode("the", ids);
        Assert.Equal([0, .. plain.Encode(" the")], ids);

        File.WriteAllText(_folder.File("added_tokens.json"), """{"<add>": 1500, "   ": 1501}""");
        File.WriteAllText(
            _folder.File("tokenizer_config.json"),
            """{"eos_token": "<end>", "added_tokens_decoder": {"1502": {"content": "<end>", "special": true}}}"""
        );
        tokenizer = TokenizerFile.Load(_folder.Path);
        Assert.Equal(1502, tokenizer.EosId);
        Assert.Equal([1500, .. plain.Encode("<end>")], tokenizer.Encode("<add><end>"));
        Assert.Equal([1501, 1502], Special(tokenizer, "   <end>"));
        File.WriteAllText(_folder.File("added_tokens.json"), """{"<add>": 3}""");
        Refusal.Says($"{_folder.File("added_tokens.json")} gives the id 3 to two tokens, the second \"<add>\"; ids must differ.", () =>
            TokenizerFile.Load(_folder.Path)
        );
        File.Delete(_folder.File("merges.txt"));
        Refusal.Says($"{_folder.File("vocab.json")} is a vocabulary without its merges; put merges.txt beside it.", () =>
            TokenizerFile.Load(_folder.File("vocab.json"))
        );
    }

    private static void IsOfTenCharacters(Tokenizer tokenizer)
    {
        Assert.Equal(10, tokenizer.VocabularySize);
        Assert.Equal([3, 8, 9, 0, 1, 2], tokenizer.Encode("aé🙂\n !"));
        Assert.Equal("aé🙂\n !", tokenizer.Decode([3, 8, 9, 0, 1, 2]));
        Assert.Equal("🙂", tokenizer.Passage([9]));
        Assert.Null(tokenizer.BosId);
        Assert.Equal((0, 9), (tokenizer.FindToken("\n"), tokenizer.FindToken("#9")));
        Refusal.Says($"{tokenizer.Name} has no token with id 10; use the tokenizer that made these token rows.", () =>
            tokenizer.Decode([10])
        );
    }

    private static int[] Special(Tokenizer tokenizer, string text)
    {
        List<int> ids = [];
        tokenizer.CreateEncoder(SpecialText.Token).Encode(text, ids);
        return [.. ids];
    }

    private static void WriteBin(string path, IEnumerable<(string Text, float Score)> tokens)
    {
        using FileStream stream = File.Create(path);
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, 6);
        stream.Write(number);
        foreach ((string text, float score) in tokens)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteSingleLittleEndian(number, score);
            stream.Write(number);
            BinaryPrimitives.WriteInt32LittleEndian(number, bytes.Length);
            stream.Write(number);
            stream.Write(bytes);
        }
    }
}
