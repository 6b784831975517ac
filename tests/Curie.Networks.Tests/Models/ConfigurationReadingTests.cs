using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Archives;
using Curie.Networks.Models.Families;
using Curie.Numerics;

namespace Curie.Networks.Tests.Models;

/// <summary>Configurations that say the same network in other words.</summary>
public sealed class ConfigurationReadingTests
{
    private const string WithMlp = "tl-gelu-ln";

    // Keys of published configurations that concern training, generation and other programs.
    [Theory]
    [InlineData("gpt2", "n_special")]
    [InlineData("gpt2", "predict_special_tokens")]
    [InlineData("gpt2", "_num_labels")]
    [InlineData("gpt2", "output_past")]
    [InlineData("llama-gqa", "max_sequence_length")]
    [InlineData("llama-gqa", "unsloth_fixed")]
    [InlineData("llama-gqa", "unsloth_version")]
    [InlineData("qwen2", "keys_to_ignore_at_inference")]
    [InlineData("gptneox-parallel", "attention_probs_dropout_prob")]
    [InlineData("gptneox-parallel", "hidden_dropout_prob")]
    public void A_key_that_changes_nothing(string name, string key) => Same(name, json => json[key] = 1);

    // The library's default is a window of 4096, and null is none.
    [Theory]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void A_window_that_is_null(string name)
    {
        Same(name, WithoutWindow);
        Assert.NotNull(Read(name, json => json.Remove("sliding_window"), UsesWindows).Windows);

        static void WithoutWindow(JsonObject json)
        {
            UsesWindows(json);
            json["sliding_window"] = null;
        }

        static void UsesWindows(JsonObject json)
        {
            json.Remove("layer_types");
            json["use_sliding_window"] = true;
            json["max_window_layers"] = 0;
        }
    }

    /// <summary>Keys of TransformerLens that make another network of the same weights: none may be passed over.</summary>
    [Theory]
    [InlineData("{\"use_attn_scale\": false}")]
    [InlineData("{\"attn_scale\": 2.5}")]
    [InlineData("{\"attention_dir\": \"bidirectional\"}")]
    [InlineData("{\"use_local_attn\": true, \"window_size\": 3, \"attn_types\": [\"local\", \"global\", \"local\"]}")]
    [InlineData("{\"scale_attn_by_inverse_layer_idx\": true}")]
    [InlineData("{\"parallel_attn_mlp\": true}")]
    [InlineData("{\"gated_mlp\": true}")]
    [InlineData("{\"final_rms\": true}")]
    [InlineData("{\"n_key_value_heads\": 1}")]
    [InlineData("{\"d_vocab_out\": 7}")]
    [InlineData("{\"normalization_type\": null}")]
    [InlineData("{\"normalization_type\": \"LNPre\"}")]
    [InlineData("{\"use_qk_norm\": true}")]
    [InlineData("{\"eps\": 0.01}")]
    [InlineData("{\"act_fn\": \"relu\"}")]
    public void A_key_that_changes_the_network_is_read(string keys)
    {
        TransformerConfig changed = Read(WithMlp, json =>
        {
            foreach ((string key, JsonNode? value) in (JsonObject)JsonNode.Parse(keys)!)
            {
                json[key] = value?.DeepClone();
            }
        });
        Assert.NotEqual(Read(WithMlp), changed);
    }

    [Fact]
    public void A_norm_of_null_is_no_norm() => Assert.Equal(NormKind.None, Read(WithMlp, json => json["normalization_type"] = null).Norm);

    [Theory]
    [InlineData("post_embedding_ln")]
    [InlineData("use_normalization_before_and_after")]
    [InlineData("use_dynamic_ntk_rope")]
    [InlineData("load_in_4bit")]
    public void A_key_of_a_part_that_is_not_computed_is_refused_by_name(string key)
    {
        InputException refusal = Assert.Throws<InputException>(() => Read(WithMlp, json => json[key] = true));
        Assert.Contains($"{key} is true, which Curie does not compute", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Older_spellings_of_TransformerLens()
    {
        const string Shortformer = "tl-attn-only-shortformer";
        Same(Shortformer, json => Respell(json, "normalization_type", "normalization", json["normalization_type"]!.DeepClone()));
        Same(Shortformer, json => Respell(json, "positional_embedding_type", "shortformer_pos", true));
        TransformerConfig standard = Read(Shortformer, json => Respell(json, "positional_embedding_type", "shortformer_pos", false));
        Assert.Equal(PositionalEmbedding.Standard, standard.Positions);
    }

    private static void Respell(JsonObject json, string from, string to, JsonNode value)
    {
        json.Remove(from);
        json[to] = value;
    }

    private static void Same(string name, Action<JsonObject> change) => Assert.Equal(Read(name), Read(name, change));

    private static TransformerConfig Read(string name, params ReadOnlySpan<Action<JsonObject>> changes)
    {
        using ITensorArchive archive = TensorArchive.Open(ModelFixtures.Folder(name));
        JsonObject changed = (JsonObject)archive.Configuration!.DeepClone();
        foreach (Action<JsonObject> change in changes)
        {
            change(changed);
        }

        using ReconfiguredArchive reconfigured = new(archive, changed);
        return ModelFamilies.Describe(reconfigured).Config;
    }
}
