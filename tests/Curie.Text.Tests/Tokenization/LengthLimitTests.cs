using System.Text.Json.Nodes;
using Curie.Numerics;
using Curie.Tests;
using Curie.Text.Tokenization;

namespace Curie.Text.Tests.Tokenization;

/// <summary>Small files that ask for texts without measure.</summary>
public sealed class LengthLimitTests : IDisposable
{
    private const int Replacements = 9;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Nine times ten times as long: "aaa" would become 3·10⁹ characters. The fifth would pass 32·3 + 65536 with 3·10⁵.
    [Fact]
    public void Normalizers_that_make_a_text_too_long_are_refused_by_name()
    {
        Tokenizer tokenizer = Load(new JsonObject { ["normalizer"] = Sequence("normalizers") });
        Refusal.Says(
            $"{_folder.File("tokenizer.json")}: Replace \"a\" by \"aaaaaaaaaa\" makes more than 65632 characters of a text of 3, which no "
                + "tokenizer needs; give a tokenizer without it.",
            () => tokenizer.Encode("aaa")
        );
    }

    [Fact]
    public void Normalizers_of_an_added_token_are_held_to_the_same_limit()
    {
        JsonObject json = new()
        {
            ["normalizer"] = Sequence("normalizers"),
            ["added_tokens"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = 2,
                    ["content"] = "aa",
                    ["normalized"] = true,
                    ["special"] = false,
                    ["single_word"] = false,
                    ["lstrip"] = false,
                    ["rstrip"] = false,
                }
            ),
        };
        Assert.Contains(
            "makes more than 65600 characters of a text of 2",
            Assert.Throws<InputException>(() => Load(json)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Decoders_that_make_a_text_too_long_are_refused_by_name()
    {
        Tokenizer tokenizer = Load(new JsonObject { ["decoder"] = Sequence("decoders") });
        foreach (Func<object?> decode in new Func<object?>[] { () => tokenizer.Decode([0, 0, 0]), () => tokenizer.DecodeBytes([0]) })
        {
            Assert.Contains(
                "Replace \"a\" by \"aaaaaaaaaa\" makes more than",
                Assert.Throws<InputException>(decode).Message,
                StringComparison.Ordinal
            );
        }
    }

    // U+FDFA is 18 characters in NFKC, the most that Unicode makes of one.
    [Fact]
    public void What_Unicode_makes_of_a_text_is_within_the_limit()
    {
        Tokenizer tokenizer = Load(new JsonObject { ["normalizer"] = new JsonObject { ["type"] = "NFKC" } });
        Assert.NotEmpty(tokenizer.Encode(new string('\uFDFA', 20_000)));
    }

    private static JsonObject Sequence(string list) =>
        new()
        {
            ["type"] = "Sequence",
            [list] = new JsonArray([
                .. Enumerable
                    .Range(0, Replacements)
                    .Select(_ => new JsonObject
                    {
                        ["type"] = "Replace",
                        ["pattern"] = new JsonObject { ["String"] = "a" },
                        ["content"] = "aaaaaaaaaa",
                    }),
            ]),
        };

    private Tokenizer Load(JsonObject json)
    {
        json["model"] = new JsonObject
        {
            ["type"] = "WordLevel",
            ["vocab"] = new JsonObject { ["a"] = 0, ["?"] = 1 },
            ["unk_token"] = "?",
        };
        File.WriteAllText(_folder.File("tokenizer.json"), json.ToJsonString());
        return TokenizerFile.Load(_folder.File("tokenizer.json"));
    }
}
