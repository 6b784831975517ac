using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Curie.Networks.Archives;
using Curie.Numerics;

namespace Curie.Networks.Tests.Archives;

/// <summary>
/// Models as Hugging Face, TransformerLens, nanoGPT and llama2.c save them. The truth is Fixtures/archives.json, which a reader in Python
/// wrote (tests/reference/archives.py): names, types, shapes and a hash of every tensor's values, to the bit.
/// </summary>
public sealed class FixtureTests
{
    private static readonly JsonObject Truth = JsonNode.Parse(File.ReadAllText(ModelFixtures.File("archives.json")))!.AsObject();

    public static TheoryData<string> Names => new(ModelFixtures.Names);

    [Fact]
    public void All_models_have_a_truth() => Assert.Equal(46, ModelFixtures.Names.Intersect(Truth.Select(pair => pair.Key)).Count());

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_shapes_and_values_are_those_of_an_independent_reader(string name)
    {
        using ITensorArchive archive = TensorArchive.Open(ModelFixtures.Folder(name));

        JsonArray expected = Truth[name]!.AsArray();
        Assert.Equal(ModelFixtures.Folder(name), archive.Path);
        Assert.Equal(expected.Select(row => row![0]!.GetValue<string>()).Order(), archive.Tensors.Keys.Order());
        foreach (JsonNode? row in expected)
        {
            ArchivedTensor tensor = archive.Tensors[row![0]!.GetValue<string>()];
            Assert.Equal(row[1]!.GetValue<string>(), tensor.Type);
            Assert.Equal(row[2]!.AsArray().Select(size => size!.GetValue<long>()), tensor.Shape);
            if (row[3] is null)
            {
                Assert.Throws<InputException>(() => tensor.CopyTo(new float[tensor.Count]));
                continue;
            }

            float[] values = new float[tensor.Count];
            tensor.CopyTo(values);
            Assert.Equal(row[3]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(values))));
        }
    }

    [Theory]
    [InlineData("gpt2", "n_embd", 32)]
    [InlineData("gpt2-bf16-sharded", "n_embd", 32)]
    [InlineData("gptneox-sequential-bin", "hidden_size", 32)]
    [InlineData("nanogpt", "n_embd", 32)]
    [InlineData("nanogpt-legacy-pickle", "n_layer", 1)]
    [InlineData("nanogpt-compiled-no-bias", "block_size", 40)]
    [InlineData("tl-lnpre", "d_head", 10)]
    [InlineData("tl-checkpoint", "d_model", 32)]
    [InlineData("tl-whole-model", "n_ctx", 40)]
    [InlineData("llama2c-v0", "hidden_dim", 72)]
    [InlineData("llama2c-v0-untied", "vocab_size", 97)]
    [InlineData("llama2c-v1", "max_seq_len", 40)]
    public void The_configuration_is_the_one_that_came_with_the_weights(string name, string key, int value)
    {
        using ITensorArchive archive = TensorArchive.Open(ModelFixtures.Folder(name));

        Assert.Equal(value, archive.Configuration![key]!.GetValue<int>());
    }

    [Fact]
    public void A_whole_module_tells_its_own_configuration()
    {
        using ITensorArchive archive = TensorArchive.Open(Path.Combine(ModelFixtures.Folder("tl-whole-model"), "model.pt"));

        // TransformerLens computes the scale with numpy: √8 as float64, which is 2.8284271247461903.
        Assert.Equal(2.8284271247461903, archive.Configuration!["attn_scale"]!.GetValue<double>());
        Assert.Equal("torch.float32", archive.Configuration["dtype"]!.GetValue<string>());
        Assert.True(archive.Configuration["attn_only"]!.GetValue<bool>());
        Assert.Null(archive.Configuration["clip_qkv"]);
    }

    [Theory]
    [InlineData("llama2c-v0", true)]
    [InlineData("llama2c-v0-untied", false)]
    [InlineData("llama2c-v1", true)]
    public void Llama2c_says_how_its_pairs_lie_and_whether_it_is_tied(string name, bool tied)
    {
        using ITensorArchive archive = TensorArchive.Open(ModelFixtures.Folder(name));

        Assert.Equal("interleaved", archive.Configuration!["rotary"]!.GetValue<string>());
        Assert.Equal(tied, archive.Configuration["shared_classifier"]!.GetValue<bool>());
        Assert.Equal(!tied, archive.Tensors.ContainsKey("output.weight"));
    }
}
