using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Models.Families;
using Curie.Networks.Parameters;
using Curie.Numerics;

namespace Curie.Networks.Tests.Models;

/// <summary>What other networks of a family have and Curie does not compute is refused by its key.</summary>
public sealed class ConfigurationRefusalTests
{
    private static readonly Dictionary<string, string> OfHuggingFace = new()
    {
        ["gpt2"] = "gpt2",
        ["gpt_neo"] = "gptneo-local",
        ["gpt_neox"] = "gptneox-parallel",
        ["opt"] = "opt",
        ["llama"] = "llama-gqa",
        ["mistral"] = "mistral-window",
        ["qwen2"] = "qwen2",
        ["qwen3"] = "qwen3",
    };

    public static TheoryData<string> All => [.. ModelFixtures.Names.Where(name => !name.StartsWith("llama2c", StringComparison.Ordinal))];

    public static TheoryData<string> HuggingFace => [.. OfHuggingFace.Values];

    public static TheoryData<string> Rotary => ["gptneox-parallel", "llama-gqa", "mistral-window", "qwen2", "qwen3"];

    public static TheoryData<string> TransformerLens =>
        [.. ModelFixtures.Names.Where(name => name.StartsWith("tl", StringComparison.Ordinal))];

    public static TheoryData<string, string> Types
    {
        get
        {
            TheoryData<string, string> pairs = [];
            foreach ((string type, string name) in OfHuggingFace)
            {
                foreach (string other in OfHuggingFace.Keys.Where(other => other != type))
                {
                    pairs.Add(name, other);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_unknown_key(string name) => Refused(name, json => json["block_sparsity"] = 4, "the key block_sparsity is 4");

    [Theory]
    [MemberData(nameof(HuggingFace))]
    public void Soft_caps(string name)
    {
        Refused(name, json => json["attn_logit_softcapping"] = 50.0, "attn_logit_softcapping");
        Refused(name, json => json["final_logit_softcapping"] = 30.0, "final_logit_softcapping");
    }

    [Theory]
    [MemberData(nameof(TransformerLens))]
    public void Soft_caps_of_TransformerLens(string name)
    {
        Refused(name, json => json["attn_scores_soft_cap"] = 50.0, "attn_scores_soft_cap is 50");
        Refused(name, json => json["output_logits_soft_cap"] = 30.0, "output_logits_soft_cap is 30");
    }

    [Theory]
    [MemberData(nameof(Rotary))]
    public void Unknown_kinds_of_rotary_scaling(string name)
    {
        foreach (string key in (string[])["rope_type", "type"])
        {
            Refused(
                name,
                json => json["rope_scaling"] = new JsonObject { [key] = "yarn", ["factor"] = 4.0 },
                $"rope_scaling.{key} is \"yarn\""
            );
        }

        Refused(
            name,
            json => json["rope_parameters"] = new JsonObject { ["rope_type"] = "dynamic", ["factor"] = 4.0 },
            "rope_parameters.rope_type is \"dynamic\""
        );
    }

    [Fact]
    public void Norms_behind_the_parts_of_OPT()
    {
        Refused("opt", json => json["do_layer_norm_before"] = false, "do_layer_norm_before is false");

        // What Python takes null for.
        Refused("opt", json => json["do_layer_norm_before"] = null, "do_layer_norm_before is null");
    }

    // The libraries take an explicit null for its word, not for their default: some fail with it, some compute another network.
    [Theory]
    [InlineData("gpt2", "scale_attn_weights")]
    [InlineData("gpt2", "layer_norm_epsilon")]
    [InlineData("gpt2", "tie_word_embeddings")]
    [InlineData("gpt_neo", "window_size")]
    [InlineData("gpt_neox", "use_parallel_residual")]
    [InlineData("gpt_neox", "attention_bias")]
    [InlineData("opt", "enable_bias")]
    [InlineData("llama", "hidden_act")]
    [InlineData("llama", "rms_norm_eps")]
    [InlineData("qwen3", "head_dim")]
    public void Null_in_place_of_a_value(string type, string key) =>
        Refused(OfHuggingFace[type], json => json[key] = null, $"{key} is null");

    [Theory]
    [InlineData("llama-gqa")]
    [InlineData("mistral-window")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void Heads_that_are_turned_in_part_in_families_whose_library_turns_them_whole(string name) =>
        Refused(name, json => json["partial_rotary_factor"] = 0.5, "partial_rotary_factor is 0.5");

    [Fact]
    public void Kinds_of_attention_that_do_not_reach_to_the_last_layer() =>
        Refused("tl-local", json => json["attn_types"] = new JsonArray("local"), "attn_types is [\"local\"], and there are");

    [Fact]
    public void A_spelling_beside_another_of_the_same_key() =>
        Refused("tl-gelu-ln", json => json["normalization"] = "LN", "normalization is \"LN\", and normalization_type stands there too");

    // Sizes are named as the file names them.
    [Theory]
    [InlineData("llama", "num_key_value_heads", 0)]
    [InlineData("llama", "num_key_value_heads", 4)]
    [InlineData("llama", "rms_norm_eps", 0)]
    [InlineData("llama", "rope_theta", 0)]
    [InlineData("llama", "vocab_size", 1)]
    [InlineData("gpt_neox", "max_position_embeddings", 1)]
    [InlineData("gpt_neox", "layer_norm_eps", 0)]
    [InlineData("gpt2", "n_positions", 1)]
    [InlineData("opt", "ffn_dim", -1)]
    [InlineData("gpt_neo", "layer_norm_epsilon", 0)]
    public void A_size_that_cannot_be(string type, string key, int value) =>
        Refused(OfHuggingFace[type], json => json[key] = value, $"{key} is {value}");

    [Theory]
    [MemberData(nameof(HuggingFace))]
    public void A_family_that_is_not_read(string name) => Refused(name, json => json["model_type"] = "gemma2", "model_type is \"gemma2\"");

    [Theory]
    [MemberData(nameof(Types))]
    public void Another_family_than_that_of_the_weights(string name, string type) => Refused(name, json => json["model_type"] = type, ": ");

    [Fact]
    public void More_parameters_than_can_be_counted_are_refused_with_their_number()
    {
        TransformerConfig config = Variants.Of("plain") with { Vocabulary = 1 << 20, ModelWidth = 1 << 12, HeadWidth = 64 };
        InputException refusal = Assert.Throws<InputException>(() => config.Validate("config.json"));

        // W_E and W_U of 2³² each, W_pos of 9·4096, b_U of 2²⁰; two blocks of W_Q, W_K, W_V and W_O, 4·4096·64 each, their biases, 3·4·64
        // and 4096, and a norm of 2·4096; the final norm.
        long expected = (2L << 32) + (9 << 12) + (1 << 20) + (2L * ((4 * 4 * 4096 * 64) + (3 * 4 * 64) + 4096 + 8192)) + 8192;
        Assert.Contains($"the network has {expected} parameters, more than the 2147483647", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<OverflowException>(() => new ParameterLayout(config));
    }

    [Fact]
    public void More_weights_than_the_machine_has_memory_are_refused_with_both_sizes()
    {
        using ITensorArchive archive = TensorArchive.Open(ModelFixtures.Folder("gpt2"));
        FamilyModel model = ModelFamilies.Describe(archive);
        WeightReader reader = new(archive, model);
        long bytes = 4L * model.Map.Layout.Length;

        reader.CheckMemory(bytes);
        InputException refusal = Assert.Throws<InputException>(() => reader.CheckMemory(bytes - 1));
        Assert.Contains("GB of weights in float32, and the machine has 0 GB of memory", refusal.Message, StringComparison.Ordinal);
    }

    private static void Refused(string name, Action<JsonObject> change, string words)
    {
        using ITensorArchive archive = TensorArchive.Open(ModelFixtures.Folder(name));
        JsonObject changed = (JsonObject)archive.Configuration!.DeepClone();
        change(changed);
        using ReconfiguredArchive reconfigured = new(archive, changed);
        InputException refusal = Assert.Throws<InputException>(() =>
        {
            using ParameterSet parameters = new WeightReader(reconfigured, ModelFamilies.Describe(reconfigured)).Read();
        });
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }
}
