using System.Text.Json.Nodes;
using Curie.Tests;
using Curie.Text.Packing;

namespace Curie.Cli.Tests.Commands;

/// <summary>Texts to ids and back with tokenizers of other programs.</summary>
public sealed class TokenizerCommandTests : IDisposable
{
    private static readonly string Llama3 = RepositoryFiles.Of("tests/Curie.Text.Tests/Fixtures/tokenizers/llama3-split-ignore-merges");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Encode_prints_the_ids_of_the_reference_library_and_decode_goes_back()
    {
        JsonArray rows = JsonNode.Parse(File.ReadAllText(Path.Combine(Llama3, "ids.json")))!.AsArray();
        string texts = _folder.File("texts.jsonl");
        File.WriteAllLines(texts, rows.Select(row => new JsonObject { ["text"] = (string)row!["text"]! }.ToJsonString()));
        string[] encode = ["tokenizer", "encode", "--tokenizer", Llama3, "--data", texts];

        string token = CommandRun.Of([.. encode, "--special", "token"]).AssertDone().Output;
        Assert.Equal(Lines(rows, "ids"), token);
        Assert.Equal(Lines(rows, "special_as_text"), CommandRun.Of(encode).AssertDone().Output);
        Assert.Equal(Lines(rows, "with_template"), CommandRun.Of([.. encode, "--special", "token", "--template"]).AssertDone().Output);

        File.WriteAllText(_folder.File("ids.jsonl"), token);
        string decoded = CommandRun
            .Of("tokenizer", "decode", "--tokenizer", Llama3, "--data", _folder.File("ids.jsonl"))
            .AssertDone()
            .Output;
        Assert.Equal(
            rows.Select(row => (string)row!["decoded"]!),
            decoded.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["text"]!)
        );
    }

    [Fact]
    public void Inspect_says_what_a_tokenizer_is()
    {
        JsonNode json = JsonNode.Parse(CommandRun.Of("tokenizer", "inspect", "--tokenizer", Llama3, "--json").AssertDone().Output)!;
        Assert.Equal(2503, (int)json["vocabulary"]!);
        Assert.Equal((2500, 2501), ((int)json["begin_row"]!, (int)json["end_document"]!));
        Assert.Equal("<|begin_of_text|> the text", (string)json["parts"]!["template"]!);
    }

    [Fact]
    public void What_is_no_list_of_ids_is_refused_with_its_line()
    {
        File.WriteAllText(_folder.File("ids.jsonl"), "[1, 2]\n{}\n");
        CommandRun
            .Of("tokenizer", "decode", "--tokenizer", Llama3, "--data", _folder.File("ids.jsonl"))
            .AssertRefused(1, "line 2 is not a JSON array of token ids");
    }

    [Fact]
    public void Rows_of_characters_need_no_token_between()
    {
        File.WriteAllText(_folder.File("meta.json"), """["a", "b", "\n"]""");
        File.WriteAllText(_folder.File("text.jsonl"), """{"text": "abab"}""" + "\n" + """{"text": "bb"}""" + "\n");
        string rows = _folder.File("rows.npy");
        string[] pack =
        [
            "pack",
            "--tokenizer",
            _folder.File("meta.json"),
            "--data",
            _folder.File("text.jsonl"),
            "--n-ctx",
            "3",
            "--in-order",
            "--out",
            rows,
            "--overwrite",
        ];
        CommandRun.Of(pack).AssertRefused(1, "has no token that begins rows; name one with --begin-row TOKEN");
        CommandRun.Of([.. pack, "--begin-row", "none", "--end-document", "none"]).AssertDone();
        Assert.Equal(["0 1 0", "1 1 1"], Rows(rows));
        CommandRun.Of([.. pack, "--begin-row", "#2", "--end-document", "\n"]).AssertDone();
        Assert.Equal(["2 0 1", "2 0 1", "2 2 1"], Rows(rows));
        CommandRun.Of([.. pack, "--begin-row", "<s>"]).AssertRefused(1, "has no token for the character \"<\"");
    }

    [Fact]
    public void Special_tokens_of_a_text_are_text_unless_asked_otherwise()
    {
        File.WriteAllText(_folder.File("text.jsonl"), """{"text": "the<|end_of_text|>the"}""");
        string rows = _folder.File("rows.npy");
        string[] pack = ["pack", "--tokenizer", Llama3, "--data", _folder.File("text.jsonl"), "--n-ctx", "4", "--out", rows, "--overwrite"];
        CommandRun.Of(pack).AssertDone();
        Assert.DoesNotContain("2501", string.Join(' ', Rows(rows)), StringComparison.Ordinal);
        CommandRun.Of([.. pack, "--special", "token"]).AssertDone();
        Assert.Equal("2500", Rows(rows).Single().Split(' ')[0]);
        Assert.Equal("2501", Rows(rows).Single().Split(' ')[2]);
    }

    private static string Lines(JsonArray rows, string property) =>
        string.Concat(rows.Select(row => $"[{string.Join(',', row![property]!.AsArray().Select(id => (int)id!))}]{Environment.NewLine}"));

    private static string[] Rows(string path)
    {
        using TokenRows rows = TokenRows.Load(path);
        return [.. Enumerable.Range(0, rows.Count).Select(row => string.Join(' ', rows.Row(row)))];
    }
}
