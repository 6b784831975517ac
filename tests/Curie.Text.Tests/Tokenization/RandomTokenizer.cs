using System.Text;
using System.Text.Json.Nodes;

namespace Curie.Text.Tests.Tokenization;

/// <summary>Random tokenizers, made of the fixtures' vocabularies and random parts, and random texts that touch what parts differ in.</summary>
internal sealed class RandomTokenizer(int seed)
{
    private static readonly string[] Patterns =
    [
        @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s+",
        @"\s+",
        @"\w+",
        @"\d",
        @"[\r\n]",
        @"\p{P}|\p{S}",
        @"(?=[A-Z])",
        @"[^\p{L}\p{M}]+",
        @"\W",
        @".",
        @"(?<=\d)\p{L}+",
        @"\b",
        @"$",
        @"^.",
        @" ?[^(\s|[.,!?…])]+",
    ];

    private static readonly string[] Bits =
    [
        "the ",
        " cat",
        "Hello, ",
        "world!",
        "def f(x):\n    return x",
        "it's",
        "I'LL",
        "don't'RE",
        "x'ſ",
        "Kelvin\u212A",
        "e\u0301\u0323",
        "ﬁ½²",
        "한국어",
        "\u1100\u1161\u11A8",
        "日本語",
        "١٢٣",
        "Ⅷ",
        "🙂👍🏽",
        "𝔘𝔫𝔦",
        "İI",
        "\u200c_",
        "<s>",
        "<|endoftext|>",
        "<add>",
        " <add>  ",
        "b<add>",
        "  ",
        "\t\n\n",
        "\u00a0\u3000",
        "…(a)[b]",
        "12345",
        "▁",
        "\u0345\u0300",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A tokenizer.</summary>
    public JsonObject Next()
    {
        JsonObject json = JsonNode
            .Parse(File.ReadAllText(Path.Combine(FixtureTokenizers.Folder(Pick(FixtureTokenizers.Names)), "tokenizer.json")))!
            .AsObject();
        JsonObject model = json["model"]!.AsObject();
        if (Half())
        {
            json["pre_tokenizer"] = PreTokenizer(nested: false);
        }

        if (Half())
        {
            json["normalizer"] = Normalizer(nested: false);
        }

        if ((string?)model["type"] == "BPE")
        {
            model["ignore_merges"] = Half();
            model["byte_fallback"] = Half();
            model["fuse_unk"] = Half();
            model["unk_token"] = Half() ? null : model["vocab"]!.AsObject().First().Key;
        }

        if (Half())
        {
            Add(json, model);
        }

        return json;
    }

    /// <summary>A text.</summary>
    public string Text()
    {
        StringBuilder text = new();
        for (int i = _random.Next(1, 5); i > 0; i--)
        {
            int point = _random.Next(0x110000);
            text.Append(
                _random.Next(6) switch
                {
                    0 when point is < 0xD800 or > 0xDFFF => char.ConvertFromUtf32(point),
                    1 => char.ConvertFromUtf32(_random.Next(1, 0x3000)),
                    2 => Beginning(Pick(FixtureTokenizers.Texts)),
                    _ => Pick(Bits),
                }
            );
        }

        return text.ToString();
    }

    private static string Beginning(string text) => string.Concat(text.EnumerateRunes().Take(30).Select(rune => rune.ToString()));

    /// <summary>
    /// Tokens that take white space are never white space: where such meet, the library ends the process.
    /// </summary>
    private void Add(JsonObject json, JsonObject model)
    {
        JsonArray added = json["added_tokens"]!.AsArray();
        int next = 1 + Math.Max(model["vocab"]!.AsObject().Max(entry => (int)entry.Value!), added.Max(token => (int)token!["id"]!));
        foreach (string content in (string[])["<add>", "[MASK]", "ab", "HELLO", "  "])
        {
            if (Half() && !model["vocab"]!.AsObject().ContainsKey(content) && !added.Any(token => (string?)token!["content"] == content))
            {
                added.Add(
                    new JsonObject
                    {
                        ["id"] = next++,
                        ["content"] = content,
                        ["single_word"] = Half(),
                        ["lstrip"] = Half() && content != "  ",
                        ["rstrip"] = Half() && content != "  ",
                        ["normalized"] = Half(),
                        ["special"] = Half(),
                    }
                );
            }
        }
    }

    private JsonNode? PreTokenizer(bool nested) =>
        Json(
            _random.Next(nested ? 8 : 10) switch
            {
                0 =>
                    $$"""{"type":"Metaspace","replacement":"▁","prepend_scheme":"{{Pick("always", "first", "never")}}","split":{{Flag()}}}""",
                1 => """{"type":"Whitespace"}""",
                2 => """{"type":"WhitespaceSplit"}""",
                3 => $$"""{"type":"Punctuation","behavior":"{{Behavior()}}"}""",
                4 => $$"""{"type":"Digits","individual_digits":{{Flag()}}}""",
                5 or 6 => $$"""{"type":"Split","pattern":{{Pattern()}},"behavior":"{{Behavior()}}","invert":{{Flag()}}}""",
                7 => $$"""{"type":"ByteLevel","add_prefix_space":{{Flag()}},"trim_offsets":true,"use_regex":{{Flag()}}}""",
                8 => "null",
                _ => $$"""{"type":"Sequence","pretokenizers":[{{Several(() => PreTokenizer(nested: true))}}]}""",
            }
        );

    private JsonNode? Normalizer(bool nested) =>
        Json(
            _random.Next(nested ? 8 : 10) switch
            {
                0 => $$"""{"type":"{{Pick("NFC", "NFD", "NFKC", "NFKD")}}"}""",
                1 => """{"type":"Lowercase"}""",
                2 => $$"""{"type":"Strip","strip_left":{{Flag()}},"strip_right":{{Flag()}}}""",
                3 => """{"type":"StripAccents"}""",
                4 => $$"""{"type":"Prepend","prepend":"{{Pick("▁", " ", "ab")}}"}""",
                5 or 6 =>
                    $$"""{"type":"Replace","pattern":{"String":"{{Pick(" ", "e", "th")}}"},"content":"{{Pick("▁", "", " ", "xy")}}"}""",
                7 => """{"type":"Replace","pattern":{"Regex":"\\s+"},"content":"▁"}""",
                8 => "null",
                _ => $$"""{"type":"Sequence","normalizers":[{{Several(() => Normalizer(nested: true))}}]}""",
            }
        );

    private string Pattern() =>
        Half()
            ? new JsonObject { ["Regex"] = Pick(Patterns) }.ToJsonString()
            : new JsonObject { ["String"] = Pick(" ", "e", "th", "\n", "…", "🙂", "  ", ".") }.ToJsonString();

    private string Behavior() => Pick("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");

    private string Several(Func<JsonNode?> part) =>
        string.Join(',', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => part()!.ToJsonString()));

    private static JsonNode? Json(string text) => JsonNode.Parse(text);

    private string Flag() => Half() ? "true" : "false";

    private bool Half() => _random.Next(2) == 0;

    private string Pick(params ReadOnlySpan<string> choices) => choices[_random.Next(choices.Length)];
}
