using System.Text.Json;
using Curie.Text.Tokenization;

namespace Curie.Text.Tests.Tokenization;

/// <summary>The tokenizers of every family give the ids and the texts that the libraries they come from give.</summary>
public sealed class FixtureTokenizerTests
{
    public static TheoryData<string, string> Files { get; } = AllFiles();

    [Theory]
    [MemberData(nameof(Files))]
    public void A_tokenizer_gives_the_ids_of_its_library(string name, string file)
    {
        Tokenizer tokenizer = TokenizerFile.Load(Path.Combine(FixtureTokenizers.Folder(name), file));
        TextEncoder special = tokenizer.CreateEncoder(SpecialText.Token);
        TextEncoder template = tokenizer.CreateEncoder(SpecialText.Token, template: true);
        TextEncoder text = tokenizer.CreateEncoder(SpecialText.Text);
        JsonElement rows = FixtureTokenizers.Expected(name);
        Assert.Equal(65, rows.GetArrayLength());
        foreach (JsonElement row in rows.EnumerateArray())
        {
            string document = row.GetProperty("text").GetString()!;
            int[] ids = Ids(row, "ids");
            Assert.Equal(Named(document, ids), Named(document, Encode(special, document)));
            Assert.Equal(Named(document, Ids(row, "with_template")), Named(document, Encode(template, document)));
            Assert.Equal(Named(document, Ids(row, "special_as_text")), Named(document, Encode(text, document)));
            Assert.Equal(row.GetProperty("decoded").GetString(), tokenizer.Decode(ids));

            // Words that were seen before come from memory.
            Assert.Equal(ids, Encode(special, document));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cl100k_base")]
    [InlineData("pattern")]
    public void A_tiktoken_file_gives_the_ids_of_tiktoken(string? pattern)
    {
        JsonElement expected = FixtureTokenizers.Expected(FixtureTokenizers.Tiktoken);
        string? given = pattern == "pattern" ? expected.GetProperty("pattern").GetString() : pattern;
        Tokenizer tokenizer = TokenizerFile.Load(FixtureTokenizers.Folder(FixtureTokenizers.Tiktoken), given);
        TextEncoder special = tokenizer.CreateEncoder(SpecialText.Token);
        foreach (JsonElement row in expected.GetProperty("rows").EnumerateArray())
        {
            string document = row.GetProperty("text").GetString()!;
            Assert.Equal(Named(document, Ids(row, "ids")), Named(document, Encode(special, document)));
            Assert.Equal(Named(document, Ids(row, "special_as_text")), Named(document, tokenizer.Encode(document)));
            Assert.Equal(document, tokenizer.Decode(Ids(row, "ids")));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_bytes_of_tokens_one_after_another_are_the_text(string name, string file)
    {
        // A word-level vocabulary changes any text; NFC and the sign for spaces change some that are not ASCII.
        if (name == "wordlevel")
        {
            return;
        }

        Tokenizer tokenizer = TokenizerFile.Load(Path.Combine(FixtureTokenizers.Folder(name), file));
        bool changes = name is "neox-nfc-added-spaces" or "qwen-nfc-split" or "llama-metaspace-first" or "llama1-prepend-byte-fallback";
        foreach (string text in FixtureTokenizers.Texts.Where(text => !changes || text.All(char.IsAscii)))
        {
            string passage = tokenizer.Passage(tokenizer.Encode(text));
            bool prepends = name is "llama1-prepend-byte-fallback" || (name is "llama-metaspace-first" && !text.StartsWith(' '));
            Assert.Equal(prepends && text.Length > 0 ? $" {text}" : text, passage);
        }
    }

    private static TheoryData<string, string> AllFiles()
    {
        TheoryData<string, string> files = new() { { "gpt2-vocab-merges", "vocab.json" }, { "gpt2-vocab-merges", "merges.txt" } };
        foreach (string name in FixtureTokenizers.Names)
        {
            files.Add(name, "");
        }

        return files;
    }

    /// <summary>Ids with their text, so that a failure says which text it is.</summary>
    private static string Named(string text, int[] ids) => $"{text}: {string.Join(',', ids)}";

    private static int[] Ids(JsonElement row, string property) =>
        [.. row.GetProperty(property).EnumerateArray().Select(id => id.GetInt32())];

    private static int[] Encode(TextEncoder encoder, string text)
    {
        List<int> ids = [];
        encoder.Encode(text, ids);
        return [.. ids];
    }
}
