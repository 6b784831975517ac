using System.Text.Json;
using Curie.Tests;

namespace Curie.Text.Tests.Tokenization;

/// <summary>
/// Tokenizers in the shape of each family, and what Hugging Face's <c>tokenizers</c> 0.23 and <c>tiktoken</c> 0.14 make of 65 texts with
/// them.
/// </summary>
internal static class FixtureTokenizers
{
    /// <summary>The names of the folders with a tokenizer of Hugging Face's.</summary>
    public static readonly string[] Names =
    [
        "gpt2-vocab-merges",
        "llama-metaspace-first",
        "llama1-prepend-byte-fallback",
        "llama3-split-ignore-merges",
        "neox-nfc-added-spaces",
        "phi-added-not-special",
        "qwen-nfc-split",
        "smollm-digits",
        "wordlevel",
    ];

    /// <summary>The folder with tiktoken's file.</summary>
    public const string Tiktoken = "tiktoken-cl100k";

    /// <summary>The path of a folder.</summary>
    public static string Folder(string name) => RepositoryFiles.Of($"tests/Curie.Text.Tests/Fixtures/tokenizers/{name}");

    /// <summary>What the library made of the texts.</summary>
    public static JsonElement Expected(string name)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(name), "ids.json")));
        return json.RootElement.Clone();
    }

    /// <summary>The 65 texts.</summary>
    public static string[] Texts { get; } = [.. Expected("wordlevel").EnumerateArray().Select(row => row.GetProperty("text").GetString()!)];
}
