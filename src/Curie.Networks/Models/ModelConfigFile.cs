using System.Text.Json;
using System.Text.Json.Nodes;
using Curie.Networks.Architecture;
using Curie.Networks.Models.Families;
using Curie.Networks.Regression;
using Curie.Numerics.Files;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Models;

/// <summary>
/// Writes a model folder's <c>config.json</c> with TransformerLens's keys, and a few of Curie's own for what TransformerLens always has or
/// never has. Parts that every model had before they could differ are said always, others where they differ.
/// </summary>
public static class ModelConfigFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes a configuration.</summary>
    /// <exception cref="Numerics.InputException">The file cannot be written.</exception>
    public static void Write(string path, TransformerConfig config) =>
        AtomicFile.WriteAllText(path, ToJson(config).ToJsonString(Indented) + "\n");

    /// <summary>The configuration as it is written.</summary>
    public static JsonObject ToJson(TransformerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Task is not null)
        {
            return RegressionFolder.ToJson(config);
        }

        JsonObject json = new()
        {
            ["n_layers"] = config.Layers,
            ["d_model"] = config.ModelWidth,
            ["n_heads"] = config.Heads,
            ["d_head"] = config.HeadWidth,
            ["n_ctx"] = config.ContextLength,
            ["d_vocab"] = config.Vocabulary,
            ["attn_only"] = config.AttentionOnly,
            ["normalization_type"] = NameOf(config.Norm, config.NormWeights),
            ["eps"] = config.Epsilon,
            ["positional_embedding_type"] = NameOf(config.Positions),
        };
        if (!config.AttentionOnly)
        {
            json["d_mlp"] = config.MlpWidth;
            json["act_fn"] = TransformerLensKeys
                .Activations.First(known => known.Value == config.Activation && known.Norm == config.MlpNorm)
                .Name;
            AddMlp(json, config);
        }

        AddAttention(json, config);
        AddNorms(json, config);
        if (config.Rotary is { } rotary)
        {
            AddRotary(json, rotary);
        }

        Add(json, "d_vocab_out", config.Logits, config.Logits != config.Vocabulary);
        Add(json, "tie_word_embeddings", true, config.TiedEmbeddings);
        Add(json, CurieKeys.UnembeddingBias, false, !config.UnembeddingBiases);
        Add(json, "parallel_attn_mlp", true, config.Parallel);
        Add(json, CurieKeys.SharedNorm, true, config.SharedNorm);
        return json;
    }

    private static void AddMlp(JsonObject json, TransformerConfig config)
    {
        MlpInputBias usual = config.GatedMlp ? MlpInputBias.AfterProduct : MlpInputBias.BeforeActivation;
        Add(json, "gated_mlp", true, config.GatedMlp);
        Add(json, CurieKeys.MlpInputBias, NameOf(config.MlpInputBias), config.MlpInputBias != usual);
        Add(json, CurieKeys.MlpOutputBias, false, !config.MlpOutputBias);
    }

    private static void AddAttention(JsonObject json, TransformerConfig config)
    {
        Add(json, "n_key_value_heads", config.Groups, config.Groups != config.Heads);
        Add(json, CurieKeys.AttentionBias, false, !config.AttentionBiases);
        Add(json, CurieKeys.OutputBias, false, !config.OutputBiases);
        if (config.ScoreScale is float scale)
        {
            Add(json, "use_attn_scale", false, scale == 1);
            Add(json, "attn_scale", 1.0 / scale, scale != 1);
        }

        Add(json, "scale_attn_by_inverse_layer_idx", true, config.ScaleByLayer);
        Add(json, "attention_dir", "bidirectional", config.Bidirectional);
        Add(json, "use_qk_norm", true, config.QueryKeyNorm);
        if (config.Windows is { } windows)
        {
            AddWindows(json, [.. Enumerable.Range(0, windows.Layers).Select(layer => windows[layer])]);
        }
    }

    private static void AddWindows(JsonObject json, int[] windows)
    {
        int[] widths = [.. windows.Where(window => window > 0).Distinct()];
        if (widths.Length == 1)
        {
            json["use_local_attn"] = true;
            json["window_size"] = widths[0];
            json["attn_types"] = new JsonArray([.. windows.Select(window => (JsonNode)(window > 0 ? "local" : "global"))]);
        }
        else
        {
            json[CurieKeys.Windows] = new JsonArray([.. windows.Select(window => (JsonNode)window)]);
        }
    }

    private static void AddNorms(JsonObject json, TransformerConfig config)
    {
        Add(json, CurieKeys.NormBias, false, !config.NormBiases);
        Add(json, "final_rms", true, config is { Norm: NormKind.Layer, FinalNorm: NormKind.Rms });
        Add(json, CurieKeys.FinalNorm, false, config.Norm != NormKind.None && config.FinalNorm == NormKind.None);
    }

    private static void AddRotary(JsonObject json, RotaryOptions rotary)
    {
        json["rotary_dim"] = rotary.Dimension;
        json["rotary_base"] = rotary.Base;
        Add(json, "rotary_adjacent_pairs", true, rotary.AdjacentPairs);
        if (rotary.Scaling is { Parts: null } linear)
        {
            json["rotary_scaling_factor"] = linear.Factor;
        }

        if (rotary.Scaling is { Parts: { } parts } scaling)
        {
            json["use_NTK_by_parts_rope"] = true;
            json["NTK_by_parts_factor"] = scaling.Factor;
            json["NTK_by_parts_low_freq_factor"] = parts.LowFactor;
            json["NTK_by_parts_high_freq_factor"] = parts.HighFactor;
            json["NTK_original_ctx_len"] = parts.OriginalContext;
        }
    }

    private static void Add(JsonObject json, string key, JsonNode value, bool differs)
    {
        if (differs)
        {
            json[key] = value;
        }
    }

    private static string? NameOf(NormKind kind, bool weights) =>
        kind switch
        {
            NormKind.Layer => weights ? "LN" : "LNPre",
            NormKind.Rms => weights ? "RMS" : "RMSPre",
            _ => null,
        };

    private static string NameOf(PositionalEmbedding positions) =>
        positions switch
        {
            PositionalEmbedding.Standard => "standard",
            PositionalEmbedding.Shortformer => "shortformer",
            PositionalEmbedding.Rotary => "rotary",
            _ => "none",
        };

    private static string NameOf(MlpInputBias bias) =>
        bias switch
        {
            MlpInputBias.None => CurieKeys.None,
            MlpInputBias.BeforeActivation => CurieKeys.BeforeActivation,
            _ => CurieKeys.AfterProduct,
        };
}
