using System.Text.Json.Nodes;
using Curie.Networks.Files;
using Curie.Networks.Models;
using Curie.Networks.Parameters;
using Curie.Tests;

namespace Curie.Cli.Tests.Commands;

/// <summary>What the command line says of models of other programs, and what it writes.</summary>
public sealed class ModelConvertCommandTests : IDisposable
{
    private const string Fixtures = "tests/Curie.Networks.Tests/Fixtures/models";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_is_described_in_words_and_as_JSON()
    {
        CommandRun words = CommandRun.Of("model", "inspect", Model("llama-gqa")).AssertDone();
        Assert.Matches("family +Llama\n", words.Output);
        Assert.Matches("heads \\(n_heads\\) +6 in a layer, 6 wide \\(d_head\\), 3 to each of 2 key-value heads", words.Output);
        Assert.Matches("components .*l0g0 … l1g1", words.Output);
        Assert.Matches("tokenizer +none", words.Output);

        JsonNode json = JsonNode.Parse(CommandRun.Of("model", "inspect", Model("llama-gqa"), "--json").AssertDone().Output)!;
        Assert.Equal(38268, (int)json["parameters"]!);
        Assert.Equal(4 * 38268, (int)json["bytes"]!);
        Assert.Equal(2, (int)json["config"]!["n_key_value_heads"]!);
        Assert.Contains("l1g1", json["components"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(21, json["stored"]!["tensors"]!.AsArray().Count);
        Assert.Null(json["refusal"]);
    }

    [Fact]
    public void What_cannot_be_measured_is_described_all_the_same()
    {
        CommandRun lacking = CommandRun.Of("model", "inspect", Model("nanogpt"));
        lacking.AssertRefused(1, "the tensor transformer.h.0.attn.c_attn.bias is missing");
        Assert.Matches("missing +transformer.h.0.attn.c_attn.bias, transformer.h.1.attn.c_attn.bias\n", lacking.Output);
        Assert.Matches("layers \\(n_layers\\) +2\n", lacking.Output);

        string alone = _folder.File("model.safetensors");
        File.Copy(Path.Combine(Model("llama-gqa"), "model.safetensors"), alone);
        CommandRun bare = CommandRun.Of("model", "inspect", alone);
        bare.AssertRefused(1, "has no configuration");
        Assert.Matches("stored +21 tensors, 38268 numbers \\(F32\\): .*model.embed_tokens.weight \\[193, 36\\]", bare.Output);

        string config = File.ReadAllText(Path.Combine(Model("llama-gqa"), "config.json"));
        File.WriteAllText(
            _folder.File("config.json"),
            config.Replace("\"rope_scaling\"", "\"logit_scale\": 2, \"rope_scaling\"", StringComparison.Ordinal)
        );
        CommandRun unknown = CommandRun.Of("model", "inspect", alone, "--json");
        unknown.AssertRefused(1, "the key logit_scale is 2");
        Assert.Equal("Llama", (string)JsonNode.Parse(unknown.Output)!["family"]!);
        Assert.Contains("logit_scale", (string)JsonNode.Parse(unknown.Output)!["refusal"]!, StringComparison.Ordinal);

        CommandRun.Of("model", "inspect", _folder.File("nothing")).AssertRefused(1, "does not exist");
    }

    [Fact]
    public void A_model_is_converted_with_its_tokenizer_of_several_files()
    {
        string model = _folder.File("model");
        Directory.CreateDirectory(model);
        foreach (string file in (string[])["model.safetensors", "config.json"])
        {
            File.Copy(Path.Combine(Model("gpt2"), file), Path.Combine(model, file));
        }

        File.WriteAllText(Path.Combine(model, "vocab.json"), "{\"a\": 0, \"b\": 1, \"ab\": 2}");
        File.WriteAllText(Path.Combine(model, "merges.txt"), "#version: 0.2\na b\n");

        foreach (string to in (string[])["curie", "huggingface", "transformer-lens"])
        {
            string target = _folder.File(to);
            JsonNode said = JsonNode.Parse(
                CommandRun.Of("model", "convert", model, "--to", to, "--out", target, "--json").AssertDone().Output
            )!;
            Assert.Equal(
                ["config.json", "model.safetensors", "vocab.json", "merges.txt"],
                said["files"]!.AsArray().Select(name => (string)name!)
            );
            Assert.Equal(File.ReadAllText(Path.Combine(model, "merges.txt")), File.ReadAllText(Path.Combine(target, "merges.txt")));
            using ParameterSet original = ModelReader.Load(model);
            using ParameterSet copy = ModelReader.Load(target);
            Assert.Equal(original[original.Layout.TokenEmbedding], copy[copy.Layout.TokenEmbedding]);
        }

        CommandRun.Of("model", "convert", model, "--out", _folder.File("curie")).AssertRefused(1, "give --overwrite");
        CommandRun.Of("model", "convert", model, "--out", _folder.File("curie"), "--overwrite").AssertDone();
        CommandRun.Of("tokenizer", "inspect", "--tokenizer", _folder.File("huggingface")).AssertDone();
    }

    [Fact]
    public void Nothing_is_written_where_the_model_lies_or_where_it_has_another_part()
    {
        string target = _folder.File("copy");
        CommandRun
            .Of("model", "convert", Model("qwen3"), "--to", "huggingface", "--out", target)
            .AssertRefused(1, "Llama has no norms of queries and keys");
        Assert.False(Directory.Exists(target));

        CommandRun.Of("model", "convert", Model("qwen3"), "--out", target).AssertDone();
        CommandRun.Of("model", "convert", target, "--out", target, "--overwrite").AssertRefused(1, "is where the model itself lies");
        CommandRun.Of("model", "convert", target, "--out", _folder.Path, "--overwrite").AssertRefused(1, "is where the model itself lies");
        Directory.CreateSymbolicLink(_folder.File("link"), target);
        CommandRun
            .Of("model", "convert", _folder.File("link"), "--out", target, "--overwrite")
            .AssertRefused(1, "is where the model itself lies");
        Assert.True(File.Exists(Path.Combine(target, "model.safetensors")));
    }

    [Fact]
    public void Tokenizers_that_Hugging_Face_cannot_read_stay_behind()
    {
        File.WriteAllText(_folder.File("meta.json"), "[\"a\", \"b\"]");
        File.Copy(Path.Combine(Model("nanogpt-compiled-no-bias"), "ckpt.pt"), _folder.File("ckpt.pt"));
        string target = _folder.File("out");

        CommandRun run = CommandRun.Of("model", "convert", _folder.File("ckpt.pt"), "--to", "huggingface", "--out", target).AssertDone();

        Assert.Contains("is no tokenizer of Hugging Face's and is not copied", run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(target, "tokenizer.json")));
    }

    private static string Model(string name) => RepositoryFiles.Of($"{Fixtures}/{name}");
}
