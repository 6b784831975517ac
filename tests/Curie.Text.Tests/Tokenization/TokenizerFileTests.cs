using System.Text.Json.Nodes;
using Curie.Tests;
using Curie.Text.Tokenization;

namespace Curie.Text.Tests.Tokenization;

public sealed class TokenizerFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_saved_loads_as_the_same_tokenizer_and_saves_as_the_same_bytes()
    {
        TokenizerFile.Save(_folder.File("a.json"), SmallTokenizer.Instance);
        BpeTokenizer loaded = Assert.IsType<BpeTokenizer>(TokenizerFile.Load(_folder.File("a.json")));
        Assert.Equal(SmallTokenizer.Instance.Merges, loaded.Merges);
        Assert.Equal(SmallTokenizer.Instance.Specials, loaded.Specials);
        Assert.Equal(SmallTokenizer.Instance.OrdinaryIds, loaded.OrdinaryIds);
        Assert.Equal(SmallTokenizer.Instance.Encode(SmallTokenizer.Text), loaded.Encode(SmallTokenizer.Text));
        TokenizerFile.Save(_folder.File("b.json"), loaded);
        Assert.Equal(File.ReadAllBytes(_folder.File("a.json")), File.ReadAllBytes(_folder.File("b.json")));
    }

    [Theory]
    [InlineData("""["Ġ t", "h e", "Ġt he"]""")]
    [InlineData("""[["Ġ", "t"], ["h", "e"], ["Ġt", "he"]]""")]
    public void A_file_in_the_manner_of_GPT2_loads_with_merges_of_either_form(string merges)
    {
        Tokenizer tokenizer = TokenizerFile.Load(Write(file => file["model"]!["merges"] = JsonNode.Parse(merges)));

        // " the then": "Ġthe" 258, "Ġthe" 258, "n" 77 as in GPT-2's byte order.
        Assert.Equal([258, 258, 77], tokenizer.Encode(" the then"));
        Assert.Equal((300, 300, 301), (tokenizer.BosId, tokenizer.EosId, tokenizer.VocabularySize));
        Assert.Equal("<|endoftext|>", tokenizer.Decode([300]));
    }

    [Fact]
    public void Separate_special_tokens_are_found_by_their_names()
    {
        Tokenizer tokenizer = TokenizerFile.Load(
            Write(file =>
                file["added_tokens"] = JsonNode.Parse(
                    """[{"id": 300, "content": "<s>", "special": true}, {"id": 301, "content": "</s>", "special": true}]"""
                )
            )
        );
        Assert.Equal((300, 301), (tokenizer.BosId, tokenizer.EosId));
    }

    [Theory]
    [InlineData("normalizer", """{"type": "Precompiled"}""", "the normalizer Precompiled")]
    [InlineData("normalizer", """{"type": "Sequence", "normalizers": [{"type": "Nmt"}]}""", "the normalizer Nmt")]
    [InlineData("pre_tokenizer", """{"type": "UnicodeScripts"}""", "the pre-tokenizer UnicodeScripts")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"String": ""}, "behavior": "Isolated"}""", "an empty pattern")]
    [InlineData(
        "pre_tokenizer",
        """{"type": "Split", "pattern": {"String": "a"}, "behavior": "Between"}""",
        "the behavior Between of a split"
    )]
    [InlineData("decoder", """{"type": "WordPiece"}""", "the decoder WordPiece")]
    [InlineData("post_processor", """{"type": "Other"}""", "the post-processor Other")]
    [InlineData("model", """{"type": "Unigram", "vocab": []}""", "the model type Unigram")]
    [InlineData("model", """{"type": "WordPiece", "vocab": {}}""", "the model type WordPiece")]
    [InlineData("model", """{"type": "BPE", "dropout": 0.1}""", "the model option dropout")]
    public void What_is_not_supported_is_refused_by_name(string property, string json, string name)
    {
        string path = Write(file => file[property] = JsonNode.Parse(json));
        Refusal.Says(
            $"{path} uses {name}, which Curie does not support; give a tokenizer without it, or train one with curie tokenizer train.",
            () => TokenizerFile.Load(path)
        );
    }

    [Theory]
    [InlineData(@"(?<name>a)", "at character 1 uses a group that begins with (?; Curie does not support that.")]
    [InlineData(@"a\Gb", @"at character 3 uses \G; Curie does not support that.")]
    [InlineData(
        @"[^a&&b]",
        "at character 3 uses a negated or named class inside a class, or an intersection of classes; Curie does not support that."
    )]
    [InlineData(@"\p{Han}", @"at character 7 uses \p{Han}, which is no general category of Unicode; Curie does not support that.")]
    [InlineData(@"(?:a*)*", "at character 7 uses a repetition of what can match nothing; Curie does not support that.")]
    [InlineData(@"(a", "at character 2 uses a bracket ( that nothing closes; Curie does not support that.")]
    public void A_pattern_that_the_engines_understand_differently_is_refused(string pattern, string sentence)
    {
        string path = Write(file =>
            file["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Split",
                ["pattern"] = new JsonObject { ["Regex"] = pattern },
                ["behavior"] = "Isolated",
            }
        );
        Refusal.Says($"{path} has the pattern \"{pattern}\", which {sentence}", () => TokenizerFile.Load(path));
    }

    [Fact]
    public void A_damaged_file_is_refused_with_what_is_wrong()
    {
        string path = Write(file => file["model"]!["merges"] = JsonNode.Parse("""["Ġ t", "q u"]"""));
        Refusal.Says(
            $"{path} has merge 1, whose token \"qu\" is not in the vocabulary; a shortened vocabulary needs its merges shortened too.",
            () => TokenizerFile.Load(path)
        );
        path = Write(file => file["model"]!["merges"] = JsonNode.Parse("""["Ġ t h"]"""));
        Refusal.Says($"{path} has merge 0 \"Ġ t h\", which is not two tokens; write it as \"a b\" or [\"a\", \"b\"].", () =>
            TokenizerFile.Load(path)
        );
        path = Write(file => file["model"]!["vocab"]!["ab"] = 5);
        Refusal.Says($"{path} gives the id 5 to two tokens, the second \"ab\"; ids must differ.", () => TokenizerFile.Load(path));
        path = Write(file => file["model"]!["vocab"]!["ab"] = -1);
        Refusal.Says($"{path} gives the token \"ab\" an id that is not one of the whole numbers from 0 to 16777215; correct it.", () =>
            TokenizerFile.Load(path)
        );
        path = Write(file => file["model"]!["vocab"] = "none");
        Refusal.Says(
            $"{path}: model has a \"vocab\" that is not an object of tokens and ids; give a Hugging Face tokenizer.json as its "
                + "library writes it.",
            () => TokenizerFile.Load(path)
        );
        path = Write(file => file.Remove("model"));
        Refusal.Says($"{path} has no \"model\"; give a Hugging Face tokenizer.json.", () => TokenizerFile.Load(path));
        File.WriteAllText(path, "{\n\"model\": ");
        Refusal.Says($"{path} is not JSON (line 2); give a Hugging Face tokenizer.json.", () => TokenizerFile.Load(path));
        Refusal.Says($"{path}x does not exist; check the path.", () => TokenizerFile.Load(path + "x"));
    }

    /// <summary>
    /// GPT-2's layout by hand: byte tokens 0–255, three merges, <c>&lt;|endoftext|&gt;</c> at 300 with unused ids before it.
    /// </summary>
    private string Write(Action<JsonObject> change)
    {
        JsonObject vocabulary = new()
        {
            ["Ġt"] = 256,
            ["he"] = 257,
            ["Ġthe"] = 258,
            ["<|endoftext|>"] = 300,
        };
        for (int id = 0; id < 256; id++)
        {
            vocabulary[ByteAlphabet.ToText([ByteAlphabet.Byte(id)])] = id;
        }

        JsonObject file = JsonNode
            .Parse(
                """
                {
                  "version": "1.0", "truncation": null, "padding": null,
                  "added_tokens": [{"id": 300, "content": "<|endoftext|>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": true, "special": true}],
                  "normalizer": null,
                  "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
                  "post_processor": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false},
                  "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true},
                  "model": {"dropout": null, "unk_token": null, "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": false,
                            "merges": ["Ġ t", "h e", "Ġt he"]}
                }
                """
            )!
            .AsObject();
        file["model"]!["vocab"] = vocabulary;
        change(file);
        File.WriteAllText(_folder.File("tokenizer.json"), file.ToJsonString());
        return _folder.File("tokenizer.json");
    }
}
