using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Numerics;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Models.Families;

/// <summary>
/// TransformerLens's configurations, of HookedTransformer and of its native models, and Curie's own, which uses the same keys and a few
/// more for what TransformerLens always has or never has (<see cref="ModelConfigFile"/>).
/// </summary>
internal static class TransformerLensKeys
{
    /// <summary>The kinds of nonlinearity by their names in configurations.</summary>
    public static readonly IReadOnlyList<(string Name, Activation Value, bool Norm)> Activations =
    [
        ("relu", Activation.Relu, false),
        ("gelu", Activation.Gelu, false),
        ("gelu_new", Activation.GeluNew, false),
        ("gelu_fast", Activation.GeluNew, false),
        ("gelu_pytorch_tanh", Activation.GeluNew, false),
        ("silu", Activation.Silu, false),
        ("solu", Activation.Solu, false),
        ("solu_ln", Activation.Solu, true),
    ];

    // How to run, to initialise, to name and to tokenize; what other keys already say; what concerns parts that are refused.
    private static readonly string[] Harmless =
    [
        "NTK_by_parts_factor",
        "NTK_by_parts_high_freq_factor",
        "NTK_by_parts_low_freq_factor",
        "NTK_original_ctx_len",
        "architecture",
        "attn_implementation",
        "checkpoint_index",
        "checkpoint_label_type",
        "checkpoint_value",
        "decoder_start_token_id",
        "default_padding_side",
        "default_prepend_bos",
        "device",
        "dtype",
        "experts_per_token",
        "from_checkpoint",
        "init_mode",
        "init_weights",
        "initializer_range",
        "is_audio_model",
        "is_multimodal",
        "is_stateful",
        "is_visual_model",
        "layer_norm_folding",
        "mm_tokens_per_image",
        "model_name",
        "n_devices",
        "n_params",
        "norm_topk_prob",
        "original_architecture",
        "relative_attention_max_distance",
        "relative_attention_num_buckets",
        "seed",
        "split_attention_weights",
        "tokenizer_appends_eos",
        "tokenizer_name",
        "tokenizer_prepends_bos",
        "train_seq_length",
        "trust_remote_code",
        "ungroup_grouped_query_attention",
        "use_attn_in",
        "use_attn_result",
        "use_hook_mlp_in",
        "use_hook_tokens",
        "use_split_qkv_input",
        "uses_rms_norm",
        "vision_hidden_size",
        "vision_num_heads",
        "vision_num_layers",
        "yarn_attention_factor",
        "yarn_beta_fast",
        "yarn_beta_slow",
        "yarn_factor",
        "yarn_global_attn_only",
        "yarn_original_max_position_embeddings",
        "yarn_truncate",
    ];

    /// <summary>Reads a configuration.</summary>
    /// <param name="keys">The configuration.</param>
    /// <param name="shared">Whether the output may share the embedding's weights, as the configuration then says: there is no W_U.</param>
    /// <exception cref="InputException">A key is missing, or says something that Curie does not compute.</exception>
    public static TransformerConfig Read(ConfigReader keys, bool shared)
    {
        keys.Harmless(Harmless);
        Refuse(keys);
        bool attentionOnly = keys.Optional("attn_only", false);
        int layers = HuggingFaceKeys.Layers(keys, "n_layers");
        int d = keys.Required<int>("d_model");
        int e = keys.Required<int>("d_head");
        (Activation activation, bool norm) = attentionOnly ? (Activation.Gelu, false) : ReadActivation(keys);
        bool gated = keys.Optional("gated_mlp", false) && !attentionOnly;
        if (gated && norm)
        {
            throw keys.Unsupported("act_fn", "a gated MLP without a norm behind its nonlinearity");
        }

        (NormKind kind, bool weights) = ReadNorm(keys);
        int output = keys.Optional("d_vocab_out", -1);
        int vocabulary = keys.Required<int>("d_vocab");
        keys.Harmless(
            "d_mlp",
            "act_fn",
            "rotary_base",
            "rotary_dim",
            "rotary_adjacent_pairs",
            "rotary_scaling_factor",
            "use_NTK_by_parts_rope"
        );
        keys.Harmless("tie_word_embeddings", "window_size", "attn_types");
        PositionalEmbedding positions = ReadPositions(keys);
        return new TransformerConfig
        {
            Layers = layers,
            ModelWidth = d,
            Heads = keys.Required<int>("n_heads") is var heads && heads != -1 ? heads : d / Math.Max(e, 1),
            HeadWidth = e,
            KeyValueHeads = keys.Optional("n_key_value_heads", 0),
            ContextLength = keys.Required<int>("n_ctx"),
            Vocabulary = vocabulary,
            OutputVocabulary =
                output is -1 || output == vocabulary ? 0
                : output == 0 ? -1
                : output,
            MlpWidth = attentionOnly ? 0 : ReadMlpWidth(keys, d),
            Activation = activation,
            GatedMlp = gated,
            MlpNorm = norm,
            Norm = kind,
            FinalNorm = ReadFinalNorm(keys, kind),
            NormWeights = weights,
            NormBiases = keys.Optional(CurieKeys.NormBias, true),
            Epsilon = keys.Optional("eps", 1e-5f),
            Positions = positions,
            Rotary = positions == PositionalEmbedding.Rotary ? ReadRotary(keys, e) : null,
            AttentionBiases = keys.Optional(CurieKeys.AttentionBias, true),
            OutputBiases = keys.Optional(CurieKeys.OutputBias, true),
            MlpInputBias = ReadInputBias(keys, gated),
            MlpOutputBias = keys.Optional(CurieKeys.MlpOutputBias, true),
            UnembeddingBiases = keys.Optional(CurieKeys.UnembeddingBias, true),
            TiedEmbeddings = shared && keys.Optional("tie_word_embeddings", false),
            ScoreScale = ReadScale(keys, e),
            ScaleByLayer = keys.Optional("scale_attn_by_inverse_layer_idx", false),
            Bidirectional = ReadDirection(keys),
            Windows = ReadWindows(keys, layers),
            QueryKeyNorm = keys.Optional("use_qk_norm", false),
            Parallel = keys.Optional("parallel_attn_mlp", false),
            SharedNorm = keys.Optional(CurieKeys.SharedNorm, false),
        };
    }

    /// <summary>The kind of nonlinearity of a name, and whether a norm follows it; null if there is none of that name.</summary>
    public static (Activation Value, bool Norm)? Find(string name)
    {
        foreach ((string known, Activation value, bool norm) in Activations)
        {
            if (known == name)
            {
                return (value, norm);
            }
        }

        return null;
    }

    /// <summary>Refuses every part that Curie does not compute.</summary>
    private static void Refuse(ConfigReader keys)
    {
        string[] switches =
        [
            "post_embedding_ln",
            "use_normalization_before_and_after",
            "use_logn_attn",
            "use_dynamic_ntk_rope",
            "use_yarn_rope",
            "use_attention_sinks",
            "load_in_4bit",
            "qk_norm_after_rope",
            "rotary_interleaved_cos_sin",
            "rmsnorm_uses_offset",
        ];
        foreach (string key in switches)
        {
            keys.Only(key, false);
        }

        foreach (string cap in (string[])["attn_scores_soft_cap", "output_logits_soft_cap"])
        {
            if (keys.Optional(cap, -1.0) > 0)
            {
                throw keys.Unsupported(cap, "-1");
            }
        }

        keys.Nothing("num_experts", "clip_qkv", "rotary_base_local", "quantization_method", "scale_embedding");
        keys.Nothing("per_layer_head_dim", "per_layer_num_key_value_heads");
    }

    private static (Activation Value, bool Norm) ReadActivation(ConfigReader keys) =>
        Find(keys.Required<string>("act_fn"))
        ?? throw keys.Unsupported("act_fn", string.Join(", ", Activations.Select(activation => activation.Name)));

    private static int ReadMlpWidth(ConfigReader keys, int d)
    {
        int width = keys.Optional("d_mlp", 4 * d);
        return width > 0
            ? width
            : throw new InputException(
                $"{keys.Source}: d_mlp is {width} but attn_only is not true; give the MLP's width or set attn_only."
            );
    }

    private static (NormKind Kind, bool Weights) ReadNorm(ConfigReader keys)
    {
        string key = Spelled(keys, "normalization_type", "normalization");

        // Null says that there is none; where the key is missing, it is the library's default.
        return (keys.HasKey(key) ? keys.Optional<string?>(key, null) : "LN") switch
        {
            null => (NormKind.None, true),
            "LN" => (NormKind.Layer, true),
            "LNPre" => (NormKind.Layer, false),
            "RMS" => (NormKind.Rms, true),
            "RMSPre" => (NormKind.Rms, false),
            _ => throw keys.Unsupported(key, "LN, LNPre, RMS, RMSPre and null"),
        };
    }

    /// <summary>Which of a key's two spellings the configuration has, the newer if neither.</summary>
    /// <exception cref="InputException">It has both.</exception>
    private static string Spelled(ConfigReader keys, string newer, string older) =>
        !keys.HasKey(older) ? newer
        : keys.HasKey(newer) ? throw keys.Contradiction(older, $"{newer} stands there too")
        : older;

    private static NormKind ReadFinalNorm(ConfigReader keys, NormKind kind)
    {
        bool rms = keys.Optional("final_rms", false);
        return !keys.Optional(CurieKeys.FinalNorm, true) || kind == NormKind.None ? NormKind.None
            : rms ? NormKind.Rms
            : kind;
    }

    private static PositionalEmbedding ReadPositions(ConfigReader keys)
    {
        const string Key = "positional_embedding_type";
        const string Older = "shortformer_pos";
        if (Spelled(keys, Key, Older) == Older)
        {
            return keys.Default(Older, false) ? PositionalEmbedding.Shortformer : PositionalEmbedding.Standard;
        }

        return keys.Optional(Key, "standard") switch
        {
            "standard" => PositionalEmbedding.Standard,
            "shortformer" => PositionalEmbedding.Shortformer,
            "rotary" => PositionalEmbedding.Rotary,
            "none" => PositionalEmbedding.None,
            _ => throw keys.Unsupported(Key, "standard, shortformer, rotary and none"),
        };
    }

    private static RotaryOptions ReadRotary(ConfigReader keys, int e)
    {
        double factor = keys.Optional("rotary_scaling_factor", 1.0);
        bool parts = keys.Optional("use_NTK_by_parts_rope", false);
        if (parts && factor != 1)
        {
            throw keys.Contradiction("rotary_scaling_factor", "use_NTK_by_parts_rope is true");
        }

        RotaryScaling? scaling =
            parts
                ? new RotaryScaling
                {
                    Factor = keys.Optional("NTK_by_parts_factor", 8.0),
                    Parts = new RotaryParts(
                        keys.Optional("NTK_by_parts_low_freq_factor", 1.0),
                        keys.Optional("NTK_by_parts_high_freq_factor", 4.0),
                        keys.Required<int>("NTK_original_ctx_len")
                    ),
                }
            : factor == 1 ? null
            : new RotaryScaling { Factor = factor };
        return new RotaryOptions
        {
            Dimension = keys.Optional("rotary_dim", e),
            Base = keys.Optional("rotary_base", 10000.0),
            AdjacentPairs = keys.Optional("rotary_adjacent_pairs", false),
            Scaling = scaling,
        };
    }

    private static MlpInputBias ReadInputBias(ConfigReader keys, bool gated)
    {
        MlpInputBias otherwise = gated ? MlpInputBias.AfterProduct : MlpInputBias.BeforeActivation;
        return keys.Optional<string?>(CurieKeys.MlpInputBias, null) switch
        {
            null => otherwise,
            CurieKeys.None => MlpInputBias.None,
            CurieKeys.BeforeActivation => MlpInputBias.BeforeActivation,
            CurieKeys.AfterProduct when gated => MlpInputBias.AfterProduct,
            _ => throw keys.Unsupported(CurieKeys.MlpInputBias, "none, before_activation and, where the MLP is gated, after_product"),
        };
    }

    /// <summary>The library's <c>attn_scale</c> divides scores; −1 stands for √e.</summary>
    private static float? ReadScale(ConfigReader keys, int e)
    {
        const string Key = "attn_scale";
        double divisor = keys.Optional(Key, -1.0);
        if (!keys.Optional("use_attn_scale", true))
        {
            return 1;
        }

        if (divisor == -1 || Math.Abs((divisor * divisor) - e) < 1e-6 * e)
        {
            return null;
        }

        return divisor > 0 ? (float)(1 / divisor) : throw keys.Unsupported(Key, "numbers above 0, and -1 for the root of d_head");
    }

    private static bool ReadDirection(ConfigReader keys)
    {
        const string Key = "attention_dir";
        return keys.Optional(Key, "causal") switch
        {
            "causal" => false,
            "bidirectional" => true,
            _ => throw keys.Unsupported(Key, "causal and bidirectional"),
        };
    }

    private static AttentionWindows? ReadWindows(ConfigReader keys, int layers)
    {
        if (keys.OptionalList<int>(CurieKeys.Windows) is int[] windows)
        {
            return new AttentionWindows(windows);
        }

        if (!keys.Optional("use_local_attn", false))
        {
            return null;
        }

        const string Key = "attn_types";
        int window = keys.Required<int>("window_size");
        string[] kinds = keys.OptionalList<string>(Key) ?? throw new InputException($"{keys.Source}: the key {Key} is missing; add it.");
        if (window < 1)
        {
            throw keys.Unsupported("window_size", "windows of 1 position or more");
        }

        if (kinds.Length < layers)
        {
            throw keys.Contradiction(Key, FormattableString.Invariant($"there are {layers} layers"));
        }

        return kinds.All(kind => kind is "global" or "local")
            ? kinds.Contains("local")
                ? new AttentionWindows(kinds.Take(layers).Select(kind => kind == "local" ? window : 0))
                : null
            : throw keys.Unsupported(Key, "global and local");
    }
}
